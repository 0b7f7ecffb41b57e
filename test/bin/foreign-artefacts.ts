import fc from 'fast-check';
import type { Fixture } from '../../lib/model/fixture.ts';
import type { LoadAccount, Manifest } from '../../lib/model/manifest.ts';
import type { IntentsFile, Plan } from '../../lib/model/plan.ts';
import type { OrderRow, State } from '../../lib/model/state.ts';

/*
 * Anything that may stand in the files of a run: hostile texts, empty lists, extreme numbers, and fields that may be
 * absent both there and not. −0 is left out, for JSON has none.
 */

/** Texts of up to `most` UTF-16 units, or a little less: that is what limits count. */
const text = (most: number, least = 0) =>
  fc
    .oneof(
      fc.constantFrom('__proto__', 'constructor', '"', '\\', '\u0000', '\u2028', '💥', '1'),
      fc.string({ minLength: least, maxLength: most, unit: 'binary' }),
      fc.constant('x'.repeat(most)),
    )
    .filter(({ length }) => length >= least && length <= most);

const id = text(200, 1);
const count = fc.oneof(fc.nat(5), fc.constant(Number.MAX_SAFE_INTEGER));
const ratio = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const time = fc.integer({ min: 0, max: 2 ** 42 });
const access = fc.constantFrom('sql' as const, 'http' as const);
const few = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 3 });
const version = fc.constant(1 as const);

const order: fc.Arbitrary<OrderRow> = fc.record({
  id,
  pool: id,
  quantity: count,
  status: fc.constantFrom('live', 'cancelled'),
  intent: fc.option(text(200)),
  buyer: text(300),
});

export const states = fc.record(
  {
    schemaVersion: version,
    access,
    settled: fc.boolean(),
    complete: fc.boolean(),
    exhaustive: fc.boolean(),
    keepsCancelled: fc.boolean(),
    mayLag: fc.boolean(),
    caveats: few(text(500)),
    readings: count,
    readAt: time,
    pools: few(fc.record({ id, remaining: fc.option(fc.integer()) })),
    orders: few(order),
  },
  {
    requiredKeys: [
      ...(['schemaVersion', 'access', 'settled', 'complete', 'exhaustive'] as const),
      ...(['keepsCancelled', 'caveats', 'readings', 'readAt', 'pools', 'orders'] as const),
    ],
  },
) satisfies fc.Arbitrary<State>;

export const fixtures = fc.record(
  {
    schemaVersion: version,
    access,
    event: text(300),
    pools: few(
      fc.record({ id, name: text(300), capacity: count, remaining: fc.option(fc.integer()) }),
    ),
    exclusive: fc.boolean(),
    buyers: few(fc.record({ id })),
    baselineOrders: few(text(200)),
  },
  {
    requiredKeys: ['schemaVersion', 'access', 'event', 'pools', 'buyers', 'baselineOrders'],
  },
) satisfies fc.Arbitrary<Fixture>;

export const intentsFiles: fc.Arbitrary<IntentsFile> = fc.record({
  schemaVersion: version,
  runId: text(100, 1),
  intents: few(
    fc.record({
      key: id,
      pool: count,
      quantity: fc.integer({ min: 1, max: 9 }),
      offsetMs: time,
    }),
  ),
});

const plans: fc.Arbitrary<Plan> = fc.record({
  arrivals: fc.constantFrom('burst', 'constant'),
  buyers: fc.integer({ min: 1 }),
  capacity: count,
  pools: fc.integer({ min: 1, max: 1000 }),
  zipf: fc.integer({ min: 0, max: 10 }),
  quantities: fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 1000 }),
      weight: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  crowdRatio: ratio,
  durationMs: fc.integer({ min: 100 }),
  timeoutMs: fc.integer({ min: 10 }),
  virtualUsersMax: fc.integer({ min: 1 }),
  seed: fc.integer({ min: 0, max: 0xffff_ffff }),
});

const loads: fc.Arbitrary<LoadAccount> = fc.record({
  startedAt: fc.option(time),
  offered: count,
  recorded: count,
  requested: fc.option(count),
  complete: fc.boolean(),
  gaps: few(text(500)),
  generatorCpuRatioMax: fc.option(ratio),
  generatorCpuRatioMean: fc.option(ratio),
  stealRatio: fc.option(ratio),
});

const manifestFields = {
  schemaVersion: version,
  runId: text(100, 1),
  scenario: text(100),
  target: text(100),
  url: text(2000),
  plan: fc.option(plans),
  versions: fc.record({ onsale: text(9), node: text(9), k6: fc.option(text(9)) }),
  createdAt: fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(2 ** 42) })
    .map((at) => at.toISOString()),
  status: fc.constantFrom('running' as const, 'complete', 'interrupted', 'failed'),
  stage: fc.constantFrom('provision' as const, 'load', 'settle', 'judged'),
  trouble: few(text(1000)),
  load: fc.option(loads),
};

export const manifests = fc.record(
  {
    ...manifestFields,
    imported: fc.record({
      operations: count,
      clockErrorMs: fc.integer({ min: 0, max: 60_000 }),
      vouched: fc.record({ historyComplete: fc.boolean(), loadDelivered: fc.boolean() }),
    }),
  },
  { requiredKeys: Object.keys(manifestFields) as (keyof typeof manifestFields)[] },
) satisfies fc.Arbitrary<Manifest>;
