import type { Evidence } from './invariant.ts';

/** Which buyer acts for an intent, by its key. */
export interface Buyers {
  /** The buyer's id, undefined where nobody knows. */
  readonly of: (key: string) => string | undefined;
  /** Planned intents whose buyer the fixture does not name. */
  readonly unnamed: number;
}

const known = new WeakMap<Evidence, Buyers>();

/** `fixture.buyers[i]` acts for `intents[i]`; O(planned intents). */
export function buyersOf(evidence: Evidence): Buyers {
  const before = known.get(evidence);
  if (before !== undefined) return before;
  const { fixture, intents } = evidence;
  const ids = new Map<string, string>();
  intents.intents.forEach(({ key }, i) => {
    const id = fixture.buyers[i]?.id;
    if (id !== undefined) ids.set(key, id);
  });
  const buyers = {
    of: (key: string) => ids.get(key),
    unnamed: Math.max(0, intents.intents.length - fixture.buyers.length),
  };
  known.set(evidence, buyers);
  return buyers;
}
