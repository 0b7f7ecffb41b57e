import type { Finding } from '../model/finding.ts';
import { counted, fewestAbove, holdsUnless, violated, witnessOf } from './conclude.ts';
import { certainSpans, isTakenUnseen } from './holding-spans.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { decisiveRows } from './oversell-final.ts';
import { heldAt, peaksByPool, spansByPool } from './peak.ts';
import type { Sale } from './sale.ts';
import { liveByPool, saleOf } from './sale.ts';
import { counterGaps, edgeGaps, GROWTH_GAP, mayHaveGrown, strangerGaps } from './sell-out.ts';
import { shortHoldGaps } from './short-holds.ts';

/*
 * Claims: at no moment are more tickets of a pool held or sold than there are. A purchase or hold certainly holds its
 * tickets from the end of its acknowledgement until it may have been given back or expired (holding-spans.ts); without
 * releases in the history that is for good. A purchase whose rows are cancelled and that no operation gave back was
 * released at an unknown time, so it holds nothing for certain. Every live row of the final state holds at the moment of
 * the read-back.
 *
 * Cannot see, as in oversell-final: what older or forgotten cancellations could explain (*unknown*). Holds inside the shop
 * that no reply tells of; an excess of purchases that were cancelled later; one that follows only from where several requests
 * must have had their moments.
 *
 * Witness: the pool, the most that was held, the purchase that first exceeded the capacity (with its time after the
 * first operation) and the fewest others it needs for that.
 */
interface Excess {
  readonly pool: number;
  readonly held: number;
  readonly seenIn: 'rows' | 'operations';
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const live = liveByPool(sale);
  const peaks = peaksByPool(evidence, sale);
  const heldMost = peaks.map(({ most }, pool) => Math.max(most, live[pool]!));
  const trusted = sale.gaps.state.length === 0;
  const excesses: Excess[] = [];
  sale.pools.forEach(({ capacity }, pool) => {
    const { most } = peaks[pool]!;
    if (most > capacity) excesses.push({ pool, held: most, seenIn: 'operations' });
    else if (trusted && live[pool]! > capacity)
      excesses.push({ pool, held: live[pool]!, seenIn: 'rows' });
  });
  const certain = excesses.filter(({ pool }) => !mayHaveGrown(evidence, sale, pool));
  if (certain.length > 0) return asViolation(evidence, sale, certain);
  const capacity = sale.pools.reduce((sum, pool) => sum + pool.capacity, 0);
  const held = heldMost.reduce((sum, most) => sum + most, 0);
  return holdsUnless('oversell-instant', {
    missing: [
      ...sale.gaps.all,
      ...strangerGaps(evidence, sale),
      ...edgeGaps(evidence, sale),
      ...releaseGaps(evidence, sale, heldMost),
      ...counterGaps(evidence),
      ...shortHoldGaps(evidence, sale, {
        groupOf: (intent) => sale.wants.pool[intent]!,
        limitOf: (pool) => sale.pools[pool]!.capacity,
      }),
      ...(excesses.length > 0 ? [GROWTH_GAP] : []),
    ],
    summary: `At most ${counted(held, 'ticket')} of ${capacity} held at once; no pool certainly above its capacity.`,
    witness: witnessOf(evidence, { pools: sale.pools.keys(), figures: { held, capacity } }),
  });
}

/** Tickets released at an unknown time may have been held together with the most that was held of others. */
function releaseGaps(
  evidence: Evidence,
  sale: Sale,
  heldMost: readonly number[],
): readonly string[] {
  const { state } = evidence;
  if (state === null) return [];
  if (!state.keepsCancelled) {
    return [
      'The target does not keep cancelled orders, so some may have been held unseen: keep them.',
    ];
  }
  const unseen = new Float64Array(sale.pools.length);
  sale.rows.forEach((row, i) => {
    const pool = sale.rowPool[i]!;
    const intent = sale.rowIntent[i]!;
    if (pool < 0 || row.status !== 'cancelled') return;
    if (intent < 0 || isTakenUnseen(evidence, sale, intent)) unseen[pool]! += row.quantity;
  });
  const isOpen = sale.pools.some(
    ({ capacity }, pool) => unseen[pool]! > 0 && heldMost[pool]! + unseen[pool]! > capacity,
  );
  if (!isOpen) return [];
  return ['Rows were cancelled at unknown times: record cancellations in the history.'];
}

function asViolation(evidence: Evidence, sale: Sale, excesses: readonly Excess[]): Finding {
  const above = ({ pool, held }: Excess) => held - sale.pools[pool]!.capacity;
  const worst = excesses.reduce((a, b) => (above(b) > above(a) ? b : a));
  const { id, capacity } = sale.pools[worst.pool]!;
  const figures = { held: worst.held, capacity };
  const exhibits =
    worst.seenIn === 'rows'
      ? { rows: decisiveRows(sale, worst.pool), figures }
      : momentOfExcess(evidence, sale, { pool: worst.pool, figures });
  return violated('oversell-instant', {
    count: excesses.length,
    summary: `${counted(worst.held, 'ticket')} held at once in pool ${id}, which has ${capacity}.`,
    witness: witnessOf(evidence, { pools: [worst.pool], ...exhibits }),
  });
}

/** The first acknowledgement at whose end more is held than there is, and the fewest others of then that it needs. */
function momentOfExcess(
  evidence: Evidence,
  sale: Sale,
  found: { readonly pool: number; readonly figures: Readonly<Record<string, number>> },
) {
  const { history } = evidence;
  const { capacity } = sale.pools[found.pool]!;
  const spans = certainSpans(evidence);
  const members = spansByPool(evidence, sale)[found.pool]!;
  const { crossing } = peaksByPool(evidence, sale)[found.pool]!;
  const quantityOf = (span: number) => sale.wants.quantity[spans.intent[span]!]!;
  const others = heldAt(spans, members, spans.from[crossing]!).filter(
    (span) => spans.intent[span] !== spans.intent[crossing],
  );
  const needed = fewestAbove(others, quantityOf, capacity - quantityOf(crossing));
  const operations = [crossing, ...needed].map((span) => spans.operation[span]!);
  const exceededAfterMs = history.end[operations[0]!]! - history.start[0]!;
  return { operations, figures: { ...found.figures, exceededAfterMs } };
}

export const oversellInstant: Invariant = {
  id: 'oversell-instant',
  statement: 'Never more held or sold than there is, at any moment',
  decide,
};
