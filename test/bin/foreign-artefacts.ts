import fc from 'fast-check';
import type { Fixture } from '../../lib/model/fixture.ts';
import type { LoadAccount, Manifest } from '../../lib/model/manifest.ts';
import { orderStates } from '../../lib/model/operation.ts';
import type { IntentsFile, Plan } from '../../lib/model/plan.ts';
import { idempotencySchema, latePaymentSchema, type Rules } from '../../lib/model/rules.ts';
import type { OrderRow, PaymentRow, State } from '../../lib/model/state.ts';

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

/** Beside what has to be there, any of what may be. */
const some = <T extends object, U extends object>(
  needed: { [K in keyof T]: fc.Arbitrary<T[K]> },
  possible: { [K in keyof U]: fc.Arbitrary<U[K]> },
) =>
  fc
    .tuple(fc.record(needed), fc.record(possible, { requiredKeys: [] }))
    .map(([must, may]) => ({ ...must, ...may }));

const integer = fc.oneof(fc.integer(), fc.maxSafeInteger());
const orderState = fc.constantFrom(...orderStates);

const order: fc.Arbitrary<OrderRow> = some(
  {
    id,
    pool: id,
    quantity: count,
    status: fc.constantFrom('live' as const, 'cancelled'),
    intent: fc.option(text(200)),
    buyer: text(300),
  },
  { state: orderState, seat: id, amount: integer, expiresAt: time, createdAt: time },
);

const poolState = some(
  { id, remaining: fc.option(integer) },
  { counters: few(fc.record({ name: text(100), remaining: integer })) },
);
const payment: fc.Arbitrary<PaymentRow> = fc.record({
  id,
  order: fc.option(text(200)),
  intent: fc.option(text(200)),
  amount: count,
  status: fc.constantFrom('charged', 'refunded'),
});

export const states: fc.Arbitrary<State> = some(
  {
    schemaVersion: version,
    access,
    settled: fc.boolean(),
    complete: fc.boolean(),
    exhaustive: fc.boolean(),
    keepsCancelled: fc.boolean(),
    caveats: few(text(500)),
    readings: count,
    readAt: time,
    pools: few(poolState),
    orders: few(order),
  },
  {
    mayLag: fc.boolean(),
    accounts: few(fc.record({ buyer: id, credit: integer })),
    payments: few(payment),
  },
);

/** Texts by name; a key `__proto__` is refused everywhere. */
const named = fc
  .dictionary(text(100), text(1000), { maxKeys: 3 })
  .filter((texts) => !Object.hasOwn(texts, '__proto__'));

const rules: fc.Arbitrary<Rules> = fc.record(
  {
    buyerLimit: fc.integer({ min: 1 }),
    opensAt: time,
    closesAt: time,
    clockSkewMs: time,
    holdMs: time,
    expiryGraceMs: time,
    latePayment: fc.constantFrom(...latePaymentSchema.options),
    idempotency: fc.constantFrom(...idempotencySchema.options),
    moves: fc.dictionary(orderState, few(orderState)) as fc.Arbitrary<NonNullable<Rules['moves']>>,
    atomic: fc.constant(true as const),
  },
  { requiredKeys: [] },
);

export const fixtures: fc.Arbitrary<Fixture> = some(
  {
    schemaVersion: version,
    access,
    event: text(300),
    pools: few(
      some(
        { id, name: text(300), capacity: count, remaining: fc.option(integer) },
        { price: count, seats: few(id) },
      ),
    ),
    buyers: few(some({ id }, { credit: integer })),
    baselineOrders: few(text(200)),
  },
  { exclusive: fc.boolean(), rules, data: named },
);

export const intentsFiles: fc.Arbitrary<IntentsFile> = fc.record({
  schemaVersion: version,
  runId: text(100, 1),
  intents: few(
    some(
      { key: id, pool: count, quantity: fc.integer({ min: 1, max: 9 }), offsetMs: time },
      { buyer: count, story: text(40, 1), seat: count },
    ),
  ),
});

const plans: fc.Arbitrary<Plan> = some(
  {
    arrivals: fc.constantFrom('burst' as const, 'constant', 'stages'),
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
  },
  {
    stages: fc.array(
      fc.record({ durationMs: fc.integer({ min: 100 }), buyers: fc.integer({ min: 1 }) }),
      { minLength: 1, maxLength: 3 },
    ),
    stories: fc.array(fc.record({ story: text(40, 1), weight: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    thinkMs: fc.record({ min: count, max: count }),
    attemptsMax: fc.integer({ min: 1, max: 100 }),
    intentsPerBuyer: fc.integer({ min: 1, max: 1000 }),
    seats: fc.constant(true as const),
  },
);

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

export const manifests: fc.Arbitrary<Manifest> = some(manifestFields, {
  options: named,
  imported: fc.record({
    operations: count,
    clockErrorMs: fc.integer({ min: 0, max: 60_000 }),
    vouched: fc.record({ historyComplete: fc.boolean(), loadDelivered: fc.boolean() }),
  }),
});
