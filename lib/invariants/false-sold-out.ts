import type { Finding } from '../model/finding.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import { heldByPool, isSoldOutRefusal, rowsApart, tellsSoldOut } from './held-tickets.ts';
import type { Evidence, Invariant } from './invariant.ts';
import type { Sale } from './sale.ts';
import { saleOf } from './sale.ts';

/*
 * Claims: nobody is told *sold out* while enough tickets certainly remain. A refusal of q violates it if at every
 * moment of it the most that can have been held is at most C − q (held-tickets.ts says what can hold). That is the
 * lenient reading: it excuses a refusal by holds that are given back. *holds* needs the strict one: the tickets that
 * the final state shows as sold, to buyers who came before the refusal had ended, leave fewer than q. What lies
 * between is *unknown*.
 *
 * Cannot see: wrong refusals at a shop where others buy too, or whose orders are not all listed or kept when they are
 * cancelled, for others may have held the tickets; refusals for other reasons than being sold out.
 *
 * Witness: the first such refusal; what it asked for, the capacity, and the most that can have been held.
 */
interface Refusals {
  count: number;
  /** Those that no hold can excuse. */
  readonly wrong: { readonly operation: number; readonly pool: number; readonly held: number }[];
  /** Neither certainly wrong nor certainly right. */
  open: number;
  /** Not certainly right, in a pool where others have orders: they may have held what was missing. */
  excusedByStrangers: number;
  /** Not certainly right, and perhaps the reply to an earlier request told again, though nobody said what keys mean. */
  told: number;
}

function refusalsOf(evidence: Evidence, sale: Sale): Refusals {
  const refusals: Refusals = { count: 0, wrong: [], open: 0, excusedByStrangers: 0, told: 0 };
  const isSaid = evidence.fixture.rules?.idempotency !== undefined;
  const { strangers } = rowsApart(sale);
  sale.pools.forEach((fixed, pool) => {
    // Where the two differ, nobody was turned away wrongly who found less than the smaller.
    const capacity = Math.min(fixed.capacity, fixed.remaining ?? fixed.capacity);
    const held = heldByPool(evidence, sale)[pool]!;
    held.operations.forEach((operation, k) => {
      if (!isSoldOutRefusal(evidence, operation)) return;
      const isAnew = tellsSoldOut(evidence, operation);
      if (!isAnew && isSaid) return;
      refusals.count++;
      const room = capacity - evidence.history.quantity[operation]!;
      if (held.forGoodShown(k) > room) return;
      if (!isAnew) {
        refusals.told++;
        return;
      }
      if (strangers[pool] === 1) {
        refusals.excusedByStrangers++;
        return;
      }
      // The costly bound is asked for only where the cheap one does not excuse.
      const most = held.forGoodMost(k) > room ? null : held.forGoodMost(k) + held.forAMomentMost(k);
      if (most === null || most > room) refusals.open++;
      else refusals.wrong.push({ operation, pool, held: most });
    });
  });
  return refusals;
}

/** Whoever held a ticket at any time has left a row that was read. */
function showsAllHolders({ state }: Evidence): boolean {
  return state?.exhaustive === true && state.keepsCancelled && state.mayLag !== true;
}

function hasBackwardOperation({ history }: Evidence): boolean {
  return history.start.some((start, i) => history.end[i]! < start);
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const refusals = refusalsOf(evidence, sale);
  const backward = hasBackwardOperation(evidence);
  const certain = sale.gaps.state.length === 0 && evidence.historyComplete && !backward;
  if (refusals.wrong.length > 0 && certain && showsAllHolders(evidence)) {
    return asViolation(evidence, sale, refusals);
  }
  const { count, open, wrong, excusedByStrangers, told } = refusals;
  const missing = [...sale.gaps.all];
  if (count === 0) missing.push('Nobody was told sold out: offer more buyers than tickets.');
  if (backward) missing.push('Operations end before they start: the clock jumped; run again.');
  if (open > 0 && evidence.state !== null) {
    missing.push(
      `${counted(open, 'refusal')} can only be explained by purchases that left no order or held tickets for a ` +
        'moment: record holds and releases, or avoid time-outs.',
    );
  }
  if (told > 0) {
    missing.push(
      `${counted(told, 'refusal')} may be an earlier one told again: say what a second request with the same key gets ` +
        '(rules.idempotency).',
    );
  }
  if (wrong.length + excusedByStrangers > 0) {
    missing.push(
      `${counted(wrong.length + excusedByStrangers, 'refusal')} came while this run’s buyers left enough tickets; ` +
        'others may have held them: read all orders (over SQL) of a shop that nobody else uses.',
    );
  }
  const certainlyRight = count - open - wrong.length - excusedByStrangers - told;
  return holdsUnless('false-sold-out', {
    missing,
    summary: `${counted(count, 'buyer')} told sold out, ${certainlyRight} of them certainly rightly.`,
    witness: witnessOf(evidence, {
      pools: sale.pools.keys(),
      figures: { refusals: count, certainlyRight },
    }),
  });
}

function asViolation(evidence: Evidence, sale: Sale, { wrong, count }: Refusals): Finding {
  const { operation, pool, held } = wrong.reduce((a, b) => (b.operation < a.operation ? b : a));
  const { id, capacity } = sale.pools[pool]!;
  const asked = evidence.history.quantity[operation]!;
  return violated('false-sold-out', {
    count: wrong.length,
    summary:
      `${wrong.length} of ${counted(count, 'refusal')} came while tickets remained: one asked for ${asked} in pool ` +
      `${id} when at most ${held} of ${capacity} can have been held.`,
    witness: witnessOf(evidence, {
      operations: [operation],
      pools: [pool],
      figures: { asked, capacity, heldMost: held },
    }),
  });
}

export const falseSoldOut: Invariant = {
  id: 'false-sold-out',
  statement: 'Nobody is turned away while tickets certainly remain',
  decide,
};
