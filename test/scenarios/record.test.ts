import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { operationLine } from '../../lib/history/line.ts';
import {
  REPLY_LENGTH_MAX as MODEL_REPLY_LENGTH_MAX,
  type Operation,
  operationKinds,
  operationSchema,
  outcomes,
} from '../../lib/model/operation.ts';
import {
  BATCH_LINES,
  cut,
  HELD_MS_MAX,
  lineOf,
  REPLY_LENGTH_MAX,
} from '../../scenarios/support/record.ts';
import { detailed } from '../history/operations.ts';

/** Any text at all: lone surrogates, control characters, line separators, quotation marks, emoji. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom(
      '\ud800',
      '\udfff',
      '\u2028',
      '\u2029',
      '\0',
      '\u001b',
      '"',
      '\\',
      '\n',
      '\r',
      '🎫',
      'é',
      'a',
    ),
    maxLength: 400,
  }),
);
const atMost = (lengthMax: number) => hostile.map((text) => text.slice(0, lengthMax) || 'x');
const operations: fc.Arbitrary<Operation> = fc.record({
  session: fc.nat(),
  intent: atMost(200),
  kind: fc.constantFrom(...operationKinds),
  pool: atMost(200),
  quantity: fc.integer({ min: 1, max: 1_000_000 }),
  start: fc.integer({ min: 0, max: 4e12 }),
  end: fc.integer({ min: 0, max: 4e12 }),
  outcome: fc.constantFrom(...outcomes),
  status: fc.integer({ min: 0, max: 999 }),
  reason: hostile,
  reply: hostile,
});

test('a line is one line of valid UTF-8 that reads back as the operation, cut to size', () => {
  fc.assert(
    fc.property(operations, (operation) => {
      const line = lineOf(operation, operation);
      expect(line).not.toMatch(/[\n\r]/);
      expect(Buffer.from(line, 'utf8').toString('utf8')).toBe(line);
      expect(operationSchema.parse(JSON.parse(line))).toEqual({
        ...operation,
        reason: cut(operation.reason, 60),
        reply: cut(operation.reply, 300),
      });
    }),
    { numRuns: 2000 },
  );
});

test('a line is the one that the reader has its fast path for, whatever the operation has', () => {
  fc.assert(
    fc.property(detailed(operations), (operation) => {
      const { reason, reply } = operation;
      const short = { ...operation, reason: cut(reason, 60), reply: cut(reply, 300) };
      expect(lineOf(operation, operation)).toBe(operationLine(short));
    }),
    { numRuns: 2000 },
  );
});

test('what no line has room for is left out, so that no reply can spoil the line', () => {
  const odd = { order: 'x'.repeat(201), seat: '', value: 0.5, amount: -1, expiresAt: Number.NaN };
  for (const [key, value] of Object.entries(odd)) {
    expect(lineOf(operation, { ...operation, [key]: value })).toBe(operationLine(operation));
  }
});

test('the cut is never inside a character', () => {
  expect(cut('ab🎫', 3)).toBe('ab');
  expect(cut('ab🎫', 4)).toBe('ab🎫');
  expect(cut('', 3)).toBe('');
});

test('scenario and model agree on the longest reply', () => {
  expect(REPLY_LENGTH_MAX).toBe(MODEL_REPLY_LENGTH_MAX);
});

const operation: Operation = {
  session: 1,
  intent: 'i',
  kind: 'purchase',
  pool: '1',
  quantity: 1,
  start: 1000,
  end: 1000,
  outcome: 'ok',
  status: 200,
  reason: '',
  reply: '',
};

/** A recorder with nothing held, and what it has logged. */
async function freshRecorder() {
  vi.resetModules();
  const logged: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void logged.push(text));
  return { ...(await import('../../scenarios/support/record.ts')), logged };
}

beforeEach(() => {
  vi.restoreAllMocks();
});

test('lines are written in batches, none twice, none lost', async () => {
  const { record, flush, logged } = await freshRecorder();
  for (let i = 0; i < BATCH_LINES * 2 + 3; i += 1)
    record({ ...operation, intent: String(i) }, operation);
  expect(logged.length).toBe(2);
  flush();
  flush();
  expect(logged.length).toBe(3);
  const intents = logged.flatMap((text) => text.split('\n').map((l) => JSON.parse(l).intent));
  expect(intents).toEqual(Array.from({ length: BATCH_LINES * 2 + 3 }, (_, i) => String(i)));
});

test('no line waits for its batch longer than the limit', async () => {
  const { record, logged } = await freshRecorder();
  record({ ...operation, end: 5000 }, operation);
  record({ ...operation, end: 5000 + HELD_MS_MAX - 1 }, operation);
  expect(logged.length).toBe(0);
  record({ ...operation, end: 5000 + HELD_MS_MAX }, operation);
  expect(logged.length).toBe(1);
});
