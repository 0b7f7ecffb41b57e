import type { Finding } from '../model/finding.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import {
  type Availability,
  availabilityOf,
  type PoolAvailability,
} from './counter/availability.ts';
import { type Contradiction, explain, shownOf, sizeOf } from './counter/contradiction.ts';
import { Counter } from './counter/counter.ts';
import type { PoolStock } from './counter/pool-stock.ts';
import { companyGaps, lacksExactReads, readGaps } from './counter/read-gaps.ts';
import type { Seen } from './counter/sightings.ts';
import { WindowList } from './counter/windows.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { saleOf } from './sale.ts';

/*
 * Claims: stock does not come back by itself. Where one read of a pool comes before another, the second says no more tickets
 * left than the first and as many as may have come back from the start of the first to the end of the second: by
 * cancellations that succeeded or have no reply, holds that may have expired, orders that the final state shows as cancelled.
 * Sales play no part, so it is seen without knowing any of them.
 *
 * Cannot see: a rise in a shop where others may have given tickets back, or after operations that came to nothing and may have held
 * tickets for a moment (*unknown*). Reads that their target declares to lag are left out: see stale-availability.
 *
 * Witness: the two reads, and whatever may have come back between them.
 */
const none = new WindowList().build();
const withoutSales = (stock: PoolStock): PoolStock => ({ ...stock, taken: none });

function rises(stock: PoolStock, reads: Seen, slackMs: number): number[] {
  return new Counter(withoutSales(stock), slackMs).contradicted(reads, 'more', {
    fromStart: false,
  });
}

interface Judged {
  readonly pool: PoolAvailability;
  /** Reads that say too much, though others may explain it; and those that nothing explains. */
  readonly open: number;
  readonly certain: number;
  /** Of those that nothing explains, as many as are quickly told. */
  readonly proofs: readonly Contradiction[];
}

function judge(availability: Availability, pool: PoolAvailability): Judged {
  const { slackMs } = availability;
  const open = rises(pool.stock, pool.reads, slackMs).length;
  const doubt = availability.doubt ?? pool.doubt;
  if (open === 0 || doubt !== null) return { pool, open, certain: 0, proofs: [] };
  const stock = withoutSales(pool.lenient().stock);
  const seen = pool.leniently(pool.reads);
  const certain = rises(stock, seen, slackMs);
  const proofs = certain
    .slice(0, EXPLAINED_MAX)
    .flatMap((later) => explain({ stock, seen, slackMs }, 'more', later, false) ?? []);
  return { pool, open, certain: certain.length, proofs };
}

const EXPLAINED_MAX = 20;

function judgeAll(evidence: Evidence): Judged[] {
  const availability = availabilityOf(evidence);
  return availability.pools.map((pool) => judge(availability, pool));
}

/** The rise with the smallest proof, as far as any is certain. */
export function worstRise(evidence: Evidence) {
  return worstOf(judgeAll(evidence));
}

function worstOf(judged: readonly Judged[]) {
  const proofs = judged.flatMap(({ pool, proofs }) =>
    proofs.map((contradiction) => ({ pool: pool.pool, contradiction })),
  );
  return proofs.reduce<{ pool: number; contradiction: Contradiction } | null>(
    (a, b) => (a === null || sizeOf(b.contradiction) < sizeOf(a.contradiction) ? b : a),
    null,
  );
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const judged = judgeAll(evidence);
  const worst = worstOf(judged);
  if (worst !== null) return asViolation(evidence, judged, worst);
  const reads = judged.reduce((sum, { pool }) => sum + pool.reads.length, 0);
  const open = judged.reduce((sum, each) => sum + each.open, 0);
  const missing = [...readGaps(evidence)];
  if (reads === 0)
    missing.push('Nobody read how many tickets are left: let buyers look while others buy.');
  else missing.push(...companyGaps(evidence));
  if (reads === 1) missing.push('What is left was read only once: read it again and again.');
  if (open > 0) {
    missing.push(
      `${counted(open, 'read')} said more than an earlier one; others, or purchases that came to nothing, may have given ` +
        'tickets back: read all orders (over SQL) of a shop that nobody else uses.',
    );
  }
  return holdsUnless('non-monotonic-availability', {
    missing: [...new Set(missing)],
    summary: `${counted(reads, 'read')} of what is left, ${open} of them above an earlier one without an explanation.`,
    witness: witnessOf(evidence, {
      operations: judged.flatMap(({ pool }) => [...pool.reads.operation.subarray(0, 2)]),
      pools: sale.pools.keys(),
      figures: { reads, unexplained: open },
    }),
  });
}

function asViolation(
  evidence: Evidence,
  judged: readonly Judged[],
  { pool, contradiction }: { readonly pool: number; readonly contradiction: Contradiction },
): Finding {
  const { value } = evidence.history.details!;
  const sale = saleOf(evidence);
  const { id } = sale.pools[pool]!;
  const { against } = contradiction;
  const before = value[contradiction.earlier!]!;
  const after = value[contradiction.later]!;
  const count = judged.reduce((sum, { certain }) => sum + certain, 0);
  return violated('non-monotonic-availability', {
    count,
    summary:
      `${counted(count, 'read')} said more than an earlier one: in pool ${id}, ${after} after ${before}, when at most ` +
      `${against} can have come back.`,
    witness: witnessOf(evidence, {
      operations: shownOf(evidence, sale, { contradiction, pool, besides: [] }),
      pools: [pool],
      figures: { before, after, mayHaveComeBack: against },
    }),
  });
}

export const nonMonotonicAvailability: Invariant = {
  id: 'non-monotonic-availability',
  statement: 'Stock does not come back by itself',
  needs: ['availability'],
  isBeside: lacksExactReads,
  decide,
};
