import { lastingInt32s } from '../history/lasting.ts';
import { numbersOfPlanned } from '../history/planned.ts';
import { TextTable } from '../history/text-table.ts';
import type { Evidence } from './invariant.ts';

/** Which buyer acts for an intent: `fixture.buyers[i]` for `intents[i]`. Buyers by number. */
export interface Buyers {
  /** Ids in the fixture's order, each once. */
  readonly ids: readonly string[];
  /** The number of an id, −1 where it has none. */
  readonly numberOf: (id: string) => number;
  /** By place in `fixture.buyers`. */
  readonly ofPlace: Int32Array;
  /** By the history's intents, −1 where nobody knows. */
  readonly ofIntent: Int32Array;
  /** By the keys of planned intents that are not in the history. */
  readonly ofUnsent: ReadonlyMap<string, number>;
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
  const ids = new TextTable(fixture.buyers.length);
  const ofPlace = lastingInt32s(fixture.buyers.length);
  fixture.buyers.forEach(({ id }, place) => {
    ofPlace[place] = ids.add(id);
  });
  const ofIntent = lastingInt32s(history.intentKeys.length).fill(-1);
  const ofUnsent = new Map<string, number>();
  const numbers = numbersOfPlanned(history, intents).subarray(0, ofPlace.length);
  numbers.forEach((intent, place) => {
    if (intent === -1) ofUnsent.set(intents[place]!.key, ofPlace[place]!);
    else ofIntent[intent] = ofPlace[place]!;
  });
  const unnamed = intents.length - numbers.length;
  const numberOf = (id: string) => ids.find(id);
  const buyers = { ids: ids.texts, numberOf, ofPlace, ofIntent, ofUnsent, unnamed };
  known.set(evidence, buyers);
  return buyers;
}

/** The buyer of an intent by its key, −1 where nobody knows. */
export function buyerOfKey(evidence: Evidence, key: string): number {
  const { ofIntent, ofUnsent } = buyersOf(evidence);
  const intent = evidence.history.intents.find(key);
  return intent === -1 ? (ofUnsent.get(key) ?? -1) : ofIntent[intent]!;
}

/** The id of that buyer; undefined where nobody knows. */
export function buyerIdOf(evidence: Evidence, key: string): string | undefined {
  return buyersOf(evidence).ids[buyerOfKey(evidence, key)];
}
