import { membersOf } from '../history/grouping.ts';
import type { Finding } from '../model/finding.ts';
import { violated, witnessOf } from './conclude.ts';
import type { Evidence } from './invariant.ts';
import { type Sale, saleOf } from './sale.ts';

/** The intents for which `isWrong`, by number, which is by first operation. */
export function intentsWhere(sale: Sale, isWrong: (intent: number) => boolean): number[] {
  const found: number[] = [];
  for (let intent = 0; intent < sale.wants.length; intent++) {
    if (isWrong(intent)) found.push(intent);
  }
  return found;
}

/** A violation found in these intents (at least one); the witness is all of the first one's operations and rows. */
export function intentsViolate(
  invariant: string,
  evidence: Evidence,
  found: {
    readonly intents: readonly number[];
    readonly summary: string;
    readonly figures: Readonly<Record<string, number>>;
  },
): Finding {
  const sale = saleOf(evidence);
  const intent = found.intents[0]!;
  const pool = sale.wants.pool[intent]!;
  return violated(invariant, {
    count: found.intents.length,
    summary: found.summary,
    witness: witnessOf(evidence, {
      operations: membersOf(sale.operationsByIntent, intent),
      rows: membersOf(sale.rowsByIntent, intent),
      pools: pool < 0 ? [] : [pool],
      figures: found.figures,
    }),
  });
}

/** An example for *holds*: the operations and rows of one intent; none where there is no such intent. */
export function exampleOf(sale: Sale, intent: number | undefined) {
  if (intent === undefined) return {};
  return {
    operations: membersOf(sale.operationsByIntent, intent),
    rows: membersOf(sale.rowsByIntent, intent),
  };
}
