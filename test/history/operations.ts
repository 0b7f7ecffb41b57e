import fc from 'fast-check';
import type { Operation } from '../../lib/model/operation.ts';
import { operationKinds, orderStates, outcomes } from '../../lib/model/operation.ts';

export const anOperation: Operation = {
  session: 1,
  intent: 'key-1',
  kind: 'purchase',
  pool: 'A',
  quantity: 2,
  start: 10,
  end: 20,
  outcome: 'ok',
  status: 200,
  reason: '',
  reply: '',
};

const time = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 1_763_000_000_000, max: 1_763_000_100_000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((at) => at + 0),
);

const name = fc.oneof(
  fc.constantFrom('o-1', '__proto__', '1', '-1'),
  fc.string({ minLength: 1, maxLength: 200, unit: 'binary' }).filter(({ length }) => length <= 200),
);
const integer = fc.oneof(fc.integer(), fc.maxSafeInteger());

/** What an operation may lack; each key is there or not. */
export const details: fc.Arbitrary<Partial<Operation>> = fc.record(
  {
    order: name,
    seat: name,
    value: integer,
    state: fc.constantFrom(...orderStates),
    expiresAt: time,
    amount: integer.map(Math.abs),
    mayLag: fc.constant(true as const),
  },
  { requiredKeys: [] },
);

/** The same operations, of which most have some details. */
export const detailed = (plain: fc.Arbitrary<Operation>): fc.Arbitrary<Operation> =>
  fc
    .tuple(plain, fc.constantFrom(...operationKinds), fc.oneof(fc.constant({}), details))
    .map(([operation, kind, more]) => ({ ...operation, kind, ...more }));

/** Anything the schema accepts, hostile texts and ties included. */
export const operations: fc.Arbitrary<Operation> = detailed(
  fc.record({
    session: fc.integer({ min: 0, max: 0x7fff_ffff }),
    intent: fc.oneof(
      fc.constantFrom('a', 'b', '__proto__', '1', 'constructor'),
      fc
        .string({ minLength: 1, maxLength: 200, unit: 'binary' })
        .filter((text) => text.length <= 200),
    ),
    kind: fc.constant('purchase' as const),
    pool: fc.constantFrom('A', 'B', '__proto__', '1', '\u0000'),
    quantity: fc.integer({ min: 1, max: 1_000_000 }),
    start: time,
    end: time,
    outcome: fc.constantFrom(...outcomes),
    status: fc.integer({ min: 0, max: 999 }),
    reason: fc.constantFrom('', 'sold-out', 'timeout'),
    reply: fc.string({ maxLength: 300, unit: 'binary' }).filter((text) => text.length <= 300),
  }),
);
