import type { Operation } from '../../lib/model/operation.ts';
import type { SmallSale } from './small-sales.ts';
import { poolId, remainingOf } from './small-sales.ts';

/*
 * The naive judge: tries every choice of what `info` operations did and every order that agrees with real time, and
 * runs a correct shop through it. It shares no code and no idea with the checks.
 *
 * The correct shop sells q at one moment within the operation if q are left, and says sold out at one moment if not. An
 * intent that was served gets the same answer again, without effect. In the end its rows and its counter are those of
 * the final state.
 */
export function hasCorrectExecution(small: SmallSale): boolean {
  return extend(small, { done: new Set(), served: new Map(), sold: small.capacities.map(() => 0) });
}

interface Shop {
  readonly done: ReadonlySet<Operation>;
  readonly served: ReadonlyMap<string, Operation>;
  readonly sold: readonly number[];
}

function precedes(a: Operation, b: Operation, clockErrorMs: number): boolean {
  const end = a.outcome === 'info' ? Number.POSITIVE_INFINITY : a.end;
  return end + clockErrorMs < b.start - clockErrorMs;
}

function extend(small: SmallSale, shop: Shop): boolean {
  const open = small.operations.filter((each) => !shop.done.has(each));
  if (open.length === 0) return matchesFinalState(small, shop);
  return open.some(
    (next) =>
      !open.some((other) => other !== next && precedes(other, next, small.clockErrorMs)) &&
      successors(small, shop, next).some((after) => extend(small, after)),
  );
}

/** The states a correct shop can be in after this operation; none if it could not have answered so. */
function successors(small: SmallSale, shop: Shop, next: Operation): Shop[] {
  const idle: Shop = { ...shop, done: new Set(shop.done).add(next) };
  const pool = small.capacities.findIndex((_, i) => poolId(i) === next.pool);
  const fits = shop.sold[pool]! + next.quantity <= small.capacities[pool]!;
  const isServed = shop.served.has(next.intent);
  const sells: Shop = {
    ...idle,
    served: new Map(shop.served).set(next.intent, next),
    sold: shop.sold.map((sold, i) => (i === pool ? sold + next.quantity : sold)),
  };
  switch (next.outcome) {
    case 'fail':
      return [idle];
    case 'refused':
      return fits || isServed ? [] : [idle];
    case 'ok':
      return isServed ? [idle] : fits ? [sells] : [];
    case 'info':
      return fits && !isServed ? [idle, sells] : [idle];
  }
}

function matchesFinalState(small: SmallSale, { served, sold }: Shop): boolean {
  const expected = new Map<string, number>();
  for (const [intent, { pool, quantity }] of served) expected.set(`${intent} ${pool}`, quantity);
  for (const { intent, pool, quantity } of small.rows) {
    const key = `${intent} ${pool}`;
    expected.set(key, (expected.get(key) ?? 0) - quantity);
  }
  const rowsFit = [...expected.values()].every((left) => left === 0);
  const counter = (pool: number) => small.capacities[pool]! - sold[pool]!;
  return rowsFit && sold.every((_, pool) => remainingOf(small, pool) === counter(pool));
}
