import type { Outcome } from './saga.ts';

interface Waiter {
  readonly end: Promise<Outcome>;
  readonly tell: (outcome: Outcome) => void;
}

/** Who in this process waits for the end of which saga. */
export class Waiting {
  readonly #waiters = new Map<string, Waiter>();

  /** Resolves when the saga's outcome is told; everybody who waits for the same one shares it. */
  endOf(saga: string): Promise<Outcome> {
    const known = this.#waiters.get(saga);
    if (known !== undefined) return known.end;
    let tell: Waiter['tell'] = () => undefined;
    const end = new Promise<Outcome>((resolve) => {
      tell = resolve;
    });
    this.#waiters.set(saga, { end, tell });
    return end;
  }

  /** Nothing to tell, or nobody here to be told, is no error. */
  tell(outcome: Outcome | null): void {
    if (outcome === null) return;
    this.#waiters.get(outcome.saga)?.tell(outcome);
    this.#waiters.delete(outcome.saga);
  }
}
