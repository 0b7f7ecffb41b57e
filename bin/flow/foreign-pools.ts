import { UsageFailure } from '../../lib/model/failure.ts';
import { type Pool, poolSchema } from '../../lib/model/fixture.ts';

/**
 * `<id>=<capacity>` for each pool, the capacity being what could be sold from the first operation on. The last `=`
 * parts them, so an id may hold one. Throws a `UsageFailure` for none, for one that is not so, and for one named twice.
 */
export function poolsIn(given: readonly string[]): Pool[] {
  if (given.length === 0) throw unusable('none');
  const pools = given.map(poolOf);
  const twice = pools.find(({ id }, i) => pools.findIndex((other) => other.id === id) < i);
  if (twice !== undefined) throw unusable(`${JSON.stringify(twice.id)} twice`);
  return pools;
}

function poolOf(given: string): Pool {
  const equals = given.lastIndexOf('=');
  const id = given.slice(0, equals);
  const digits = given.slice(equals + 1);
  const pool = poolSchema.safeParse({ id, name: id, capacity: Number(digits), remaining: null });
  if (equals > 0 && /^\d+$/.test(digits) && pool.success) return pool.data;
  throw unusable(JSON.stringify(given.slice(0, 100)));
}

function unusable(got: string): UsageFailure {
  return new UsageFailure({
    expected: 'each pool of the history once, as <id>=<tickets that may be sold>',
    got,
    where: '--pool',
    remedy: 'For example: --pool A=500 --pool "Front row"=20; a --fixture names them, too.',
  });
}
