import type { Evidence } from '../../lib/invariants/invariant.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { keyOf, sale } from './notation.ts';

/*
 * Where rows name no intent: sales for cases that say which purchases, requests and rows are the evidence, one by one.
 */

/** Intents written `stranger<n>` are not in the plan, so nobody knows whose they are. */
export function keylessSale(notation: string): Evidence {
  const evidence = sale(notation);
  const { intents, fixture } = evidence;
  const isPlanned = intents.intents.map(({ key }) => !key.startsWith('stranger'));
  return {
    ...evidence,
    fixture: { ...fixture, buyers: fixture.buyers.filter((_, i) => isPlanned[i]) },
    intents: { ...intents, intents: intents.intents.filter((_, i) => isPlanned[i]) },
  };
}

/** Two buyers and two pools; and with clocks that agree. */
export const owned = 'A 99; B 9; buyer u1: b1, b2, b3; buyer u2: b4, b5; planned b1; planned b4';
export const dated = `${owned}; rule clockSkewMs=0`;
export const times = (n: number, of: (k: number) => string, by = '; ') =>
  Array.from({ length: n }, (_, k) => of(k)).join(by);

/** As in the notation. */
export function nameOf({ history }: Evidence, intent: number): string {
  return history.intentKeys[intent]!.replace(keyOf('b0').slice(0, -1), 'b');
}

/** `A of u1`, `A of anybody`. */
export function classOf({ fixture }: Evidence, pool: number, buyer: number): string {
  const ids = [...new Set(fixture.buyers.map(({ id }) => id))];
  return `${fixture.pools[pool]!.id} of ${buyer === -1 ? 'anybody' : ids[buyer]}`;
}

export function rowIds(evidence: Evidence, rows: readonly number[]): string {
  return rows.map((row) => saleOf(evidence).rows[row]!.id).join(' ');
}
