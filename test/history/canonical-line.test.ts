import { isUtf8 } from 'node:buffer';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  HistoryBuilder,
  historyOf,
  REPLIES_MAX,
  REPLY_NOT_KEPT,
} from '../../lib/history/columns.ts';
import { detailKeys } from '../../lib/history/details.ts';
import { operationAt } from '../../lib/history/history.ts';
import { operationLine, readLine } from '../../lib/history/line.ts';
import { readHistory } from '../../lib/history/read.ts';
import { type Operation, operationSchema, orderStates } from '../../lib/model/operation.ts';
import { lineOf } from '../../scenarios/support/record.ts';
import { anOperation, operations } from './operations.ts';

const recorded = (operation: Operation) => lineOf(operation, operation);

/** What comes of a line that is read where it lies, null where it is left to JSON. */
function takenWhereItLies(line: string | Buffer): Operation | null {
  const builder = new HistoryBuilder();
  const bytes = Buffer.concat([Buffer.from('{"'), Buffer.from(line), Buffer.from('\n')]);
  const next = builder.addCanonical(bytes, 2);
  const history = builder.build();
  expect([next, history.length]).toEqual(next === -1 ? [-1, 0] : [bytes.length, 1]);
  return next === -1 ? null : operationAt(history, 0);
}

/** Texts that JSON writes as they are, in whatever script. */
const plainText = (lengths: { readonly minLength?: number; readonly maxLength: number }) =>
  fc
    .string({ ...lengths, unit: fc.constantFrom(...'aZ09 /<}{,:é売\u2028\ufeff\u007f') })
    .map((text) => text.slice(0, Math.floor(lengths.maxLength / 3)));
const wholeTime = fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 999_999_999_999_999 }));

/** What the recorder makes of everyday operations. */
const plainDetails = fc.record(
  {
    order: plainText({ minLength: 1, maxLength: 200 }),
    seat: plainText({ minLength: 1, maxLength: 200 }),
    value: fc.oneof(fc.integer({ min: -3, max: 3 }), wholeTime),
    state: fc.constantFrom(...orderStates),
    expiresAt: wholeTime,
    amount: wholeTime,
    mayLag: fc.constant(true as const),
  },
  { requiredKeys: [] },
);
const plainOperations: fc.Arbitrary<Operation> = fc
  .record({
    intent: plainText({ minLength: 1, maxLength: 200 }),
    pool: plainText({ minLength: 1, maxLength: 200 }),
    start: wholeTime,
    end: wholeTime,
    reason: plainText({ maxLength: 60 }),
    reply: plainText({ maxLength: 300 }),
    other: operations,
    details: fc.oneof(fc.constant({}), plainDetails),
  })
  .map(({ other, details, ...plain }) => {
    for (const key of detailKeys) delete other[key];
    return { ...other, ...plain, ...details };
  });

/** Numbers and texts at the edge of what the schema or the format allows. */
const oddTokens = [
  ...['0', '-0', '00', '01', '-1', '1.0', '2.5', '1e3', '1E3', '+1', '0x1', '', ' 1', 'null', '1 '],
  ...['2147483647', '2147483648', '1000000', '1000001', '999', '1000', '9007199254740993'],
  ...['999999999999999', '1000000000000000', '123456789012345678901234567890'],
  ...['true', 'false', '"held"', '"none"', '-5', '-00', '-01', '--1'],
  ...['""', '"x"', '"ok"', '"okay"', '"purchase"', '"\\u0061"', '"\\""', '"a\tb"', '"\\n"', '"é"'],
  ...[60, 61, 200, 201, 300, 301].flatMap((n) => [`"${'x'.repeat(n)}"`, `"${'é'.repeat(n)}"`]),
];
const VALUE = /(?<=":)("[^"]*"|[\d.e+-]+|true)/g;

const changedValue = fc
  .tuple(fc.oneof(operations, plainOperations), fc.nat(17), fc.constantFrom(...oddTokens))
  .map(([operation, place, token]) => {
    let count = 0;
    return Buffer.from(
      recorded(operation).replace(VALUE, (old) => (count++ === place ? token : old)),
    );
  });

const oddBytes = fc.oneof(
  fc.constantFrom(...Buffer.from('"\\{}:, 0159e.-\r\t\0'), 0x7f, 0x80, 0xc3, 0xff),
  fc.integer({ min: 0, max: 255 }),
);
/** A line with up to three bytes cut out, put in, or replaced. */
const changedBytes = fc
  .tuple(
    fc.oneof(operations, plainOperations),
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.nat(1), oddBytes), { maxLength: 3 }),
  )
  .map(([operation, changes]) => {
    const bytes = [...Buffer.from(recorded(operation))];
    for (const [place, cut, put, byte] of changes) {
      bytes.splice(place % bytes.length, cut, ...(put === 1 ? [byte] : []));
    }
    return Buffer.from(bytes);
  });
const otherOrder = fc.tuple(operations, fc.nat(17)).map(([operation, turn]) => {
  const entries = Object.entries(operation);
  const turned = Object.fromEntries([...entries.slice(turn), ...entries.slice(0, turn)]);
  return Buffer.from(JSON.stringify(turned));
});
const lines = fc.oneof(
  changedValue,
  changedBytes,
  otherOrder,
  plainOperations.map((operation) => Buffer.from(recorded(operation))),
  fc.constantFrom('', ' ', '\r', '{}', '[', '{"session":1').map((text) => Buffer.from(text)),
);

describe('a canonical line', () => {
  it('is every plain line that the recorder writes', () => {
    fc.assert(
      fc.property(plainOperations, (operation) => {
        expect(takenWhereItLies(recorded(operation))).toEqual(operation);
        expect(takenWhereItLies(operationLine(operation))).toEqual(operation);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[keyof Operation, unknown, unknown]>([
    ['session', 0x7fff_ffff, 0x8000_0000],
    ['session', 0, -1],
    ['intent', 'x'.repeat(200), 'x'.repeat(201)],
    ['intent', 'x', ''],
    ['pool', 'x'.repeat(200), 'x'.repeat(201)],
    ['pool', 'x', ''],
    ['quantity', 1_000_000, 1_000_001],
    ['quantity', 1, 0],
    ['start', 999_999_999_999_999, 1e15],
    ['end', 0, 0.5],
    ['kind', 'purchase', 'purchas'],
    ['outcome', 'info', 'inf'],
    ['status', 999, 1000],
    ['reason', 'x'.repeat(60), 'x'.repeat(61)],
    ['reply', 'x'.repeat(300), 'x'.repeat(301)],
    ['kind', 'availability', 'availability '],
    ['order', 'x'.repeat(200), 'x'.repeat(201)],
    ['seat', 'x', ''],
    ['value', -999_999_999_999_999, -0.5],
    ['value', 0, 1e15],
    ['state', 'expired', 'expire'],
    ['expiresAt', 999_999_999_999_999, 1e15],
    ['amount', 0, -1],
    ['mayLag', true, false],
  ])('has a %s up to a limit, and beyond it is left to JSON', (key, within, beyond) => {
    const operation = { ...anOperation, [key]: within };
    expect(takenWhereItLies(operationLine(operation))).toEqual(operation);
    expect(takenWhereItLies(operationLine({ ...anOperation, [key]: beyond }))).toBe(null);
  });

  it('leaves −0, a repeated key and another order to JSON', () => {
    const line = operationLine({ ...anOperation, order: 'o', value: 7 });
    expect(takenWhereItLies(line)).toMatchObject({ order: 'o', value: 7 });
    for (const [old, odd] of [
      ['"value":7', '"value":-0'],
      ['"value":7', '"value":7,"value":7'],
      ['"order":"o","value":7', '"value":7,"order":"o"'],
      ['"value":7', '"mayLag":true,"value":7'],
      ['"value":7', '"more":7'],
    ] as const) {
      expect(takenWhereItLies(line.replace(old, odd))).toBe(null);
    }
  });

  it('says what JSON and the schema say, whatever is odd about it', () => {
    let taken = 0;
    fc.assert(
      fc.property(lines, (line) => {
        if (line.includes('\n')) return;
        const operation = takenWhereItLies(line);
        if (operation === null) return;
        taken++;
        expect(isUtf8(line)).toBe(true);
        expect(operation).toEqual(operationSchema.parse(JSON.parse(line.toString())));
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(300);
  });
});

describe('readHistory', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'onsale-lines-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Line by line through JSON and the schema. */
  function naively(content: Buffer) {
    const read: Operation[] = [];
    const damaged: number[] = [];
    content
      .toString('latin1')
      .split('\n')
      .forEach((latin, i) => {
        const line = Buffer.from(latin, 'latin1');
        if (line.toString().trim() === '') return;
        const reading = isUtf8(line) ? readLine(line.toString()) : { damage: '' };
        if ('operation' in reading) read.push(reading.operation);
        else damaged.push(i + 1);
      });
    return { history: historyOf(read), damaged };
  }

  it('reads any mixture of lines as if each went through JSON', async () => {
    const path = join(folder, 'history.ndjson');
    await fc.assert(
      fc.asyncProperty(fc.array(lines, { maxLength: 12 }), fc.boolean(), async (list, ended) => {
        const content = Buffer.concat(
          list.flatMap((line, i) => (i === 0 ? [line] : [Buffer.from('\n'), line])),
        );
        writeFileSync(path, ended ? Buffer.concat([content, Buffer.from('\n')]) : content);
        const expected = naively(content);
        const { history, damage, damaged } = await readHistory(path);
        expect(history).toEqual(expected.history);
        expect(damage.map(({ line }) => line)).toEqual(expected.damaged);
        expect(damaged).toBe(expected.damaged.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps a bounded number of different replies, whatever their script', async () => {
    const path = join(folder, 'replies.ndjson');
    const replyOf = (i: number) => (i % 2 === 0 ? `no ${i}` : `いいえ ${i}`);
    const list = Array.from({ length: REPLIES_MAX + 100 }, (_, i) => ({
      ...anOperation,
      start: i,
      reply: replyOf(i < REPLIES_MAX + 50 ? i : i - REPLIES_MAX),
    }));
    writeFileSync(path, list.map((each) => `${recorded(each)}\n`).join(''));
    const { history } = await readHistory(path);
    expect(history.replies.length).toBe(REPLIES_MAX + 1);
    expect(operationAt(history, REPLIES_MAX + 49).reply).toBe(REPLY_NOT_KEPT);
    expect(operationAt(history, REPLIES_MAX + 51).reply).toBe(replyOf(51));
  });
});
