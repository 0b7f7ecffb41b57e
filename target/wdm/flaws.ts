import type { FlawNote } from '../facades/facade.ts';

/** Those that make a saga wrong come one at a time; what only disturbs the answers goes with any of them. */
export const flaws = [
  {
    name: 'missing-compensation',
    bug: 'Ends a checkout at the first refusal and forgets it, so that a success which comes in later is never undone.',
    place: 'sale',
  },
  {
    name: 'double-compensation',
    bug: 'Acknowledges messages by the batch, later than their lease lasts, and gives back again when one comes twice.',
    place: 'sale',
  },
  {
    name: 'double-charge',
    bug: 'Repeats a payment that takes too long under a new key, so that the first attempt is not recognised.',
    place: 'sale',
  },
  {
    name: 'check-then-act',
    bug: 'Reads the stock, decides, then subtracts without the lock: checkouts in between oversell.',
    place: 'sale',
  },
  {
    name: 'paid-without-stock',
    bug: 'Marks the order as paid when the money is in, and leaves it so when the stock is refused after that.',
    place: 'sale',
  },
  {
    name: 'false-5xx',
    bug: 'Answers 500 after a checkout that worked, because making the receipt for it ran into a time limit.',
    place: 'around',
  },
  {
    name: 'slow-tail',
    bug: 'Every 40th checkout of a process waits 1.5 s for a report that is made inside the request.',
    place: 'around',
  },
  {
    name: 'error-bursts',
    bug: 'A breaker trips at 200 checkouts under way in a process and answers everybody 503 for a quarter of a second.',
    place: 'around',
  },
] as const satisfies readonly FlawNote[];

export type FlawName = (typeof flaws)[number]['name'];

/** Which of them are planted, as a question with a checked name. */
export type Planted = (name: FlawName) => boolean;

export function planted(names: readonly string[]): Planted {
  return (name) => names.includes(name);
}
