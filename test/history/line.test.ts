import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainlyOperation, operationLine, readLine } from '../../lib/history/line.ts';
import { operationSchema } from '../../lib/model/operation.ts';
import { operations } from './operations.ts';

const oddValues = fc.constantFrom<unknown>(
  ...[null, true, '', 'ok', 'x'.repeat(61), 'x'.repeat(201), 'x'.repeat(301), [], {}],
  ...[-1, -0, 0, 0.5, 1, 1000, 1_000_001, 0x7fff_ffff, 0x8000_0000, 2 ** 53, 1e308],
);
const oddKeys = fc.constantFrom(...Object.keys(operationSchema.shape), 'more', '__proto__', '');

/** An operation of which up to two things are odd, and may be right nevertheless. */
const doubtful = fc
  .tuple(operations, fc.array(fc.tuple(oddKeys, oddValues, fc.boolean()), { maxLength: 2 }))
  .map(([operation, changes]) => {
    const entries = new Map<string, unknown>(Object.entries(operation));
    for (const [key, value, drop] of changes) {
      if (drop) entries.delete(key);
      else entries.set(key, value);
    }
    const text = [...entries].map((entry) => entry.map((part) => JSON.stringify(part)).join(':'));
    return `{${text.join(',')}}`;
  });

describe('readLine', () => {
  it('accepts exactly what the schema accepts', () => {
    fc.assert(
      fc.property(doubtful, (text) => {
        const judged = operationSchema.safeParse(JSON.parse(text));
        const reading = readLine(text);
        expect('operation' in reading).toBe(judged.success);
        if (judged.success) expect(reading).toEqual({ operation: judged.data });
      }),
      { numRuns: 5000 },
    );
  });

  it('takes on sight nothing that the schema would refuse, and every plain operation', () => {
    fc.assert(
      fc.property(doubtful, operations, (text, operation) => {
        const value: unknown = JSON.parse(text);
        if (isPlainlyOperation(value)) operationSchema.parse(value);
        expect(isPlainlyOperation(JSON.parse(operationLine(operation)))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        expect(Object.keys(readLine(text))).toHaveLength(1);
      }),
    );
  });
});
