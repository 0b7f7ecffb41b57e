import { numbersOfPlanned } from '../history/planned.ts';
import type { Evidence } from './invariant.ts';

/** Which buyer acts for an intent: `fixture.buyers[i]` for `intents[i]`. */
export interface Buyers {
  /** Each buyer once. */
  readonly ids: readonly string[];
  /** Place in `ids` by the history's intents, −1 where nobody knows. */
  readonly ofIntent: Int32Array;
  /** The same by an intent's key, also of one that is not in the history. */
  readonly of: (key: string) => number;
  /** Planned intents whose buyer the fixture does not name. */
  readonly unnamed: number;
}

const known = new WeakMap<Evidence, Buyers>();

/** O(planned intents). */
export function buyersOf(evidence: Evidence): Buyers {
  const before = known.get(evidence);
  if (before !== undefined) return before;
  const { fixture, history } = evidence;
  const { intents } = evidence.intents;
  const places = new Map<string, number>();
  const ofPlanned = new Int32Array(intents.length).fill(-1);
  const ofIntent = new Int32Array(history.intentKeys.length).fill(-1);
  const numbers = numbersOfPlanned(history, intents);
  for (let i = 0; i < intents.length && i < fixture.buyers.length; i++) {
    const { id } = fixture.buyers[i]!;
    const place = places.get(id) ?? places.size;
    places.set(id, place);
    ofPlanned[i] = place;
    if (numbers[i] !== -1) ofIntent[numbers[i]!] = place;
  }
  let planned: Map<string, number> | null = null;
  const of = (key: string): number => {
    const intent = history.intents.find(key);
    if (intent !== -1) return ofIntent[intent]!;
    planned ??= new Map(intents.map((each, i) => [each.key, ofPlanned[i]!]));
    return planned.get(key) ?? -1;
  };
  const unnamed = Math.max(0, intents.length - fixture.buyers.length);
  const buyers = { ids: [...places.keys()], ofIntent, of, unnamed };
  known.set(evidence, buyers);
  return buyers;
}
