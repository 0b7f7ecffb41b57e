import { expect } from 'vitest';
import { certainSpans, type Spans, shortSpans } from '../../lib/invariants/holding-spans.ts';
import { operationKinds } from '../../lib/model/operation.ts';
import { sale } from './notation.ts';

/**
 * Each certain span of a sale of nine tickets by the operation that begins it, then those with `~` of which only some
 * moment is.
 */
export function spansIn(notation: string): string[] {
  const evidence = sale(`A 9; ${notation}`);
  const { history } = evidence;
  const words = (spans: Spans, mark: string) =>
    [...spans.intent].map((intent, n) => {
      expect(history.intent[spans.operation[n]!]).toBe(intent);
      const name = `b${history.intentKeys[intent]!.split('-').at(-1)}`;
      const kind = operationKinds[history.kind[spans.operation[n]!]!];
      return `${name} ${kind} ${mark}[${spans.from[n]}, ${spans.until[n]})`;
    });
  return [...words(certainSpans(evidence), ''), ...words(shortSpans(evidence), '~')];
}
