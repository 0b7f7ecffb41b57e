import { existsSync } from 'node:fs';
import type { Scope } from './checks/registry.ts';
import {
  type Facts,
  hasMarkOf,
  isAsking,
  mayHaveHappened,
  type Operation,
  type Pool,
  type RestsOn,
  type Row,
  type Rules,
} from './facts.ts';
import { find, linesOf, readJson, required } from './files.ts';
import {
  type Certificate,
  countersShape,
  operationShape,
  rowShape,
  rulesShape,
} from './read-certificate.ts';
import { readMoney } from './read-money.ts';
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
  Unusable,
  whole,
} from './shape.ts';

/** Everything that a run's files say about what a certificate is about, read anew. */
export interface Run extends Facts {
  /** Requests of the certificate's own that are nowhere in the history, and rows likewise. */
  readonly missing: { readonly operations: number; readonly rows: number };
  /** Millisecond clocks cannot be surer than this. */
  readonly clockErrorMsMin: number;
}

/** Throws an {@link Unusable} for a folder that is no run, or a file that cannot be read. */
export async function readRun(folder: string, of: Certificate, scope: Scope): Promise<Run> {
  if (!existsSync(folder)) throw new Unusable('the run: expected a folder that exists');
  const manifest = await readManifest(folder);
  const plan = await readPlan(folder);
  const fixture = await readFixture(folder);
  const state = await readState(folder, fixture);
  const hasMoney = of.money !== undefined && scope === 'intent';
  const money = hasMoney ? await readMoney(folder, of, state.rows) : null;
  const shown = intentsShown(of);
  const inScope = ({ pool, intent, id }: Pick<Row, 'pool' | 'intent'> & { id?: string }) =>
    money === null && scope === 'shown'
      ? shown.has(intent) || of.rows.some((row) => row.id === id)
      : money !== null
        ? money.isSubject(intent)
        : scope === 'pool'
          ? pool === of.about.pool
          : intent === of.about.intent;
  const unknownKeys = new Set(state.rows.map((row) => row.intent ?? ''));
  for (const key of plan.keys) unknownKeys.delete(key);
  const history = await readHistory(folder, {
    of,
    inScope,
    see: (operation) => money?.see(operation),
    pools: fixture.pools,
    unknownKeys,
    mayBeOf: (intent) => {
      const buyer = fixture.buyers[plan.places.get(intent) ?? -1];
      return buyer === undefined || buyer === of.about.buyer;
    },
  });
  const isStranger = ({ intent }: Row) =>
    intent === null || (unknownKeys.has(intent) && !hasMarkOf(plan.runId, intent));
  const buyers = new Set(fixture.buyers);
  const isNameless = namelessIn(state.rows, { buyers, isStranger });
  const rows = state.rows.filter(inScope);
  const texts = new Set(state.rows.map((row) => JSON.stringify(row)));
  return {
    runId: plan.runId,
    clockErrorMs: of.clockErrorMs,
    clockErrorMsMin: manifest.clockErrorMs,
    about: of.about,
    pool: fixture.poolOf(of.about.pool, state),
    operations: history.operations,
    rows,
    allOperations: true,
    allRows: true,
    allReturns: true,
    mixed: history.mixed,
    cancelled: new Set(state.rows.filter((row) => row.status === 'cancelled').map(keyOfRow)),
    isStranger,
    isNameless,
    buyerOf: (intent) => fixture.buyers[plan.places.get(intent) ?? -1],
    knownPools: fixture.pools,
    money: money?.sum(history.operations) ?? null,
    restsOn: {
      history: {
        // The judge may have had more reason to doubt; never less.
        complete:
          of.restsOn.history.complete &&
          manifest.isComplete(history.restsOn.operations, history.damaged),
        ...history.restsOn,
      },
      plan: {
        intents: plan.keys.size,
        planned: of.about.intent !== null && plan.keys.has(of.about.intent),
      },
      fixture: {
        exclusive: fixture.exclusive,
        baselineOrders: fixture.baselineOrders.length,
        ...(fixture.rules === null ? {} : { rules: fixture.rules }),
      },
      state: state.restsOn(state.rows.filter(isNameless), { pools: fixture.pools, buyers }),
    },
    shown: of,
    missing: {
      operations: history.missing,
      rows: of.rows.filter((row) => !texts.has(JSON.stringify(row))).length,
    },
  };
}

/** Whose operations and rows count where the claim is about what is shown: of the intents that have any of it. */
function intentsShown({ operations, rows }: Certificate): ReadonlySet<string | null> {
  const shown = new Set<string | null>([...operations, ...rows].map(({ intent }) => intent));
  shown.delete(null);
  return shown;
}

const keyOfRow = ({ intent }: Row) => intent ?? '';

/** Where rows name buyers, those of the run; else all, unless any row names an intent of the run. */
function namelessIn(
  rows: readonly Row[],
  of: { readonly buyers: ReadonlySet<string>; readonly isStranger: (row: Row) => boolean },
): (row: Row) => boolean {
  if (rows.some(({ buyer }) => of.buyers.has(buyer))) {
    return ({ intent, buyer }) => intent === null && of.buyers.has(buyer);
  }
  const namesSome = rows.some((row) => !of.isStranger(row));
  return ({ intent }) => intent === null && !namesSome;
}

async function readManifest(folder: string) {
  const manifest = await required(folder, 'manifest.json');
  const load = pick(manifest, 'manifest', 'load', nullable(anything));
  const imported = (manifest as { imported?: unknown }).imported;
  const clockErrorMs =
    imported === undefined
      ? 1 + measuredClockErrorMs(load)
      : pick(imported, 'imported', 'clockErrorMs', number(0, 60_000));
  const promised = (): { complete: boolean; operations: number } => {
    if (imported !== undefined) {
      const vouched = pick(imported, 'imported', 'vouched', anything);
      return {
        complete: pick(vouched, 'vouched', 'historyComplete', flag),
        operations: pick(imported, 'imported', 'operations', whole(0)),
      };
    }
    if (load === null) return { complete: false, operations: 0 };
    return {
      complete: pick(load, 'load', 'complete', flag),
      operations: pick(load, 'load', 'recorded', whole(0)),
    };
  };
  const { complete, operations } = promised();
  return {
    clockErrorMs,
    isComplete: (read: number, damaged: number) => complete && damaged === 0 && read === operations,
  };
}

/** What the run's own clocks were seen to be off by, beyond their milliseconds; nothing where nobody looked. */
function measuredClockErrorMs(load: unknown): number {
  const clock = (load as { clock?: { targetDriftMs?: unknown } } | null)?.clock;
  if (clock === undefined) return 0;
  const some = number(0, Number.MAX_VALUE);
  const driftMs = optional(some, 0)(clock.targetDriftMs, 'clock.targetDriftMs');
  return pick(clock, 'clock', 'deviationMsMax', some) + driftMs;
}

async function readPlan(folder: string) {
  const plan = await required(folder, 'intents.json');
  const intents = pick(plan, 'intents.json', 'intents', list(MANY, anything));
  const keys = intents.map((intent) => pick(intent, 'an intent', 'key', text(200)));
  return {
    runId: pick(plan, 'intents.json', 'runId', text(100)),
    keys: new Set(keys),
    places: new Map(keys.map((key, place) => [key, place])),
  };
}

async function readFixture(folder: string) {
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

async function readState(
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

interface Sought {
  readonly of: Certificate;
  readonly inScope: (operation: Operation) => boolean;
  /** Called with every operation. */
  readonly see: (operation: Operation) => void;
  /** Those the fixture knows. */
  readonly pools: ReadonlySet<string>;
  /** Keys of rows; those that an operation bears are taken out. */
  readonly unknownKeys: Set<string>;
  /** The intent is of the buyer that the certificate is about, or of nobody known. */
  readonly mayBeOf: (intent: string) => boolean;
}

async function readHistory(folder: string, sought: Sought) {
  const { of, inScope, see, pools, unknownKeys, mayBeOf } = sought;
  const path = find(folder, 'history.ndjson');
  if (path === null) throw new Unusable("history.ndjson: expected this file in the run's folder");
  const wishes = new Map<string, string>();
  const mixed = new Set<string>();
  /** Pools of payments and cancellations, and intents for which they are not all the same. */
  const settled = new Map<string, string>();
  const torn = new Set<string>();
  const operations: Operation[] = [];
  const shown = of.operations.map((operation) => JSON.stringify(operation));
  let count = 0;
  let damaged = 0;
  let backward = 0;
  let ticketsElsewhere = 0;
  let givenBack = 0;
  let boughtByBuyer = 0;
  const hasBuyer = of.about.pool !== null && of.about.buyer !== undefined;
  let lastEnd: number | null = null;
  for await (const line of linesOf(path)) {
    const operation = readLine(line);
    if (operation === null) {
      if (line.trim() !== '') damaged++;
      continue;
    }
    count++;
    see(operation);
    const { intent, pool, quantity, start, end } = operation;
    if (end < start) backward++;
    if (operation.kind === 'cancel' && mayHaveHappened(operation)) givenBack++;
    const isBuying = isAsking(operation) || operation.kind === 'pay';
    if (hasBuyer && isBuying && mayHaveHappened(operation) && mayBeOf(intent)) boughtByBuyer++;
    if (isAsking(operation)) {
      if (mayHaveHappened(operation) && !pools.has(pool)) ticketsElsewhere += quantity;
      const wish = `${quantity} ${pool}`;
      if ((wishes.get(intent) ?? wish) !== wish) mixed.add(intent);
      wishes.set(intent, wish);
    }
    if (lastEnd === null || end > lastEnd) lastEnd = end;
    if (operation.kind === 'pay' || operation.kind === 'cancel') {
      if ((settled.get(intent) ?? pool) !== pool) torn.add(intent);
      settled.set(intent, pool);
    }
    unknownKeys.delete(intent);
    if (!inScope(operation)) continue;
    operations.push(operation);
    if (shown.length === 0) continue;
    const place = shown.indexOf(JSON.stringify(operation));
    if (place !== -1) shown.splice(place, 1);
  }
  for (const [intent, pool] of settled) {
    const wish = wishes.get(intent);
    if (wish === undefined) continue;
    if (torn.has(intent) || wish !== `${wish.split(' ', 1)[0]} ${pool}`) mixed.add(intent);
  }
  const restsOn = {
    operations: count,
    lastEnd,
    backward,
    mixedIntents: mixed.size,
    ticketsElsewhere,
    ...(givenBack === 0 ? {} : { givenBack }),
    ...(boughtByBuyer === 0 ? {} : { boughtByBuyer }),
  };
  return { operations, mixed, damaged, missing: shown.length, restsOn };
}

function readLine(line: string): Operation | null {
  try {
    return operationShape(JSON.parse(line.replace(/^\ufeff/, '')), 'a line');
  } catch {
    return null;
  }
}
