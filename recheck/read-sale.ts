import type { Pool, RestsOn, Row, Rules } from './facts.ts';
import { readJson, required } from './files.ts';
import { countersShape, rowShape, rulesShape } from './read-certificate.ts';
import {
  anything,
  flag,
  list,
  MANY,
  nullable,
  number,
  optional,
  pick,
  text,
  whole,
} from './shape.ts';

/** What was planned: its keys in their order. Throws an {@link Unusable} for a file that cannot be read, as all here. */
export async function readPlan(folder: string) {
  const plan = await required(folder, 'intents.json');
  const intents = pick(plan, 'intents.json', 'intents', list(MANY, anything));
  const keys = intents.map((intent) => pick(intent, 'an intent', 'key', text(200)));
  return {
    runId: pick(plan, 'intents.json', 'runId', text(100)),
    keys: new Set(keys),
    places: new Map(keys.map((key, place) => [key, place])),
  };
}

/** What was on sale, to whom and by which rules. */
export async function readFixture(folder: string) {
  const fixture = await required(folder, 'fixture.json');
  const told = nullable(whole(Number.MIN_SAFE_INTEGER));
  const pools = pick(fixture, 'fixture.json', 'pools', list(MANY, anything)).map((pool) => ({
    id: pick(pool, 'a pool', 'id', text(200)),
    capacity: pick(pool, 'a pool', 'capacity', whole(0)),
    remaining: pick(pool, 'a pool', 'remaining', told),
  }));
  const exclusive = (fixture as { exclusive?: unknown }).exclusive;
  return {
    exclusive: optional(flag, false)(exclusive, 'exclusive'),
    rules: optional<Rules | null>(rulesShape, null)(
      (fixture as { rules?: unknown }).rules,
      'rules',
    ),
    buyers: pick(fixture, 'fixture.json', 'buyers', list(MANY, anything)).map((buyer) =>
      pick(buyer, 'a buyer', 'id', text(200)),
    ),
    baselineOrders: pick(fixture, 'fixture.json', 'baselineOrders', list(MANY, text(200))),
    pools: new Set(pools.map(({ id }) => id)),
    /** A pool that is named twice has the tickets of both. */
    poolOf: (id: string | null, after: Pick<FinalState, 'remaining' | 'counters'>): Pool | null => {
      const named = pools.filter((pool) => pool.id === id);
      if (id === null || named.length === 0) return null;
      const counters = after.counters(id);
      return {
        id,
        capacity: named.reduce((sum, { capacity }) => sum + capacity, 0),
        remainingBefore: agreed(named),
        remainingAfter: after.remaining(id),
        ...(counters.length === 0 ? {} : { counters }),
      };
    },
  };
}

/** What all of them say; null where they say different things, or nothing. */
function agreed(told: readonly { readonly remaining: number | null }[]): number | null {
  const [first] = told;
  if (first === undefined) return null;
  return told.every(({ remaining }) => remaining === first.remaining) ? first.remaining : null;
}

interface FinalState {
  readonly rows: readonly Row[];
  /** By the rows that may be the run's and name no intent, and what the fixture knows. */
  readonly restsOn: (
    nameless: readonly Row[],
    known: { readonly pools: ReadonlySet<string>; readonly buyers: ReadonlySet<string> },
  ) => RestsOn['state'];
  readonly remaining: (id: string) => number | null;
  readonly counters: (id: string) => NonNullable<Pool['counters']>;
}

/** What was read back, without the orders of before the run; nothing at all where there is no such file. */
export async function readState(
  folder: string,
  { baselineOrders }: Pick<Awaited<ReturnType<typeof readFixture>>, 'baselineOrders'>,
): Promise<FinalState> {
  const state = await readJson(folder, 'state.json');
  if (state === null)
    return { rows: [], remaining: () => null, counters: () => [], restsOn: () => null };
  const name = 'state.json';
  const orders = pick(state, name, 'orders', list(MANY, rowShape));
  const told = nullable(whole(Number.MIN_SAFE_INTEGER));
  const pools = pick(state, name, 'pools', list(MANY, anything)).map((pool) => ({
    id: pick(pool, 'a pool', 'id', text(200)),
    remaining: pick(pool, 'a pool', 'remaining', told),
    counters: optional(countersShape, [])((pool as { counters?: unknown }).counters, 'counters'),
  }));
  const before = new Set(baselineOrders);
  const rows = orders.filter((row) => !before.has(row.id));
  const flags = {
    settled: pick(state, name, 'settled', flag),
    complete: pick(state, name, 'complete', flag),
    exhaustive: pick(state, name, 'exhaustive', flag),
    keepsCancelled: pick(state, name, 'keepsCancelled', flag),
    mayLag: optional(flag, false)((state as { mayLag?: unknown }).mayLag, 'mayLag'),
    repeatedIds: orders.length - new Set(orders.map((row) => row.id)).size,
  };
  const last = {
    cancelledRows: rows.filter((row) => row.status === 'cancelled').length,
    readAt: pick(state, name, 'readAt', number(-8.64e15, 8.64e15)),
  };
  return {
    rows,
    restsOn: (nameless, known) => {
      const placeless = nameless.filter(({ pool }) => !known.pools.has(pool)).length;
      const namesBuyers = nameless.some(({ buyer }) => known.buyers.has(buyer));
      return {
        ...flags,
        ...(nameless.length === 0 ? {} : { namelessRows: nameless.length }),
        ...(namesBuyers ? { namesBuyers } : {}),
        ...(placeless === 0 ? {} : { placelessRows: placeless }),
        ...last,
      };
    },
    remaining: (id) => agreed(pools.filter((pool) => pool.id === id)),
    counters: (id) => pools.filter((pool) => pool.id === id).flatMap((pool) => pool.counters),
  };
}
