import { isForGood } from '../history/attribution.ts';
import { membersOf } from '../history/grouping.ts';
import { isAcquire, OK } from '../history/history.ts';
import { passingInt32s } from '../history/lasting.ts';
import { ANYBODY } from '../history/nameless-rows.ts';
import type { Finding } from '../model/finding.ts';
import { buyersOf } from './buyers.ts';
import { exampleOf, intentsViolate, intentsWhere } from './by-intent.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { namelessGaps, type Sale, saleOf } from './sale.ts';
import { deedsOf, type Loss, lossesOf } from './too-few-rows.ts';

/*
 * Claims: a purchase that was acknowledged for good (an `ok` purchase, or an `ok` payment for a hold, with no cancellation
 * that succeeded or may have) exists: its intent has a ticket in the pool it asked for, or an order that was cancelled. A
 * row in another pool is not what was bought. Where rows name no intent, rows can be given out so that each such purchase
 * has one (too-few-rows.ts): no matter which, one row at most to two purchases is too few.
 *
 * Cannot see: which of several purchases is the lost one where rows name no intent, nor a loss for which a row of somebody
 * else's makes up (*unknown* where nothing tells that it is); a hold that was lost before it was paid; a purchase that was
 * lost and repaired before the read-back; a loss at a target that forgets cancelled orders, for an absent row may then be
 * a cancellation (*unknown*); or in a reading that may lag behind, for the row may yet come (*unknown*);
 * nor, where one order was acknowledged to several buyers, what became of the others' (*unknown*).
 *
 * Witness: the operations of one intent that was acknowledged, and its rows elsewhere, if any; where rows name no intent,
 * those of the smallest set of purchases that are more than the rows that can be theirs, and these rows.
 */
function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const { wants } = sale;
  const acknowledged = acknowledgedForGood(sale);
  const lost = acknowledged.filter(
    (intent) => wants.live[intent] === 0 && wants.cancelledRows[intent] === 0,
  );
  const { count, mayBeCancelled: cancelled } = sale.nameless;
  const isCertain = count === 0 || (lost.length === 0 && cancelled.length === 0);
  const losses = isCertain ? null : lossesOf(evidence, acknowledged);
  // Beside purchases of buyers, those of nobody known may need the same rows.
  const isByChance =
    !isCertain && sale.nameless.byBuyer && acknowledged.some((each) => isOfNobody(sale, each));
  const mayBeCancelled =
    (lost.length > 0 || losses !== null) && evidence.state?.keepsCancelled === false;
  const mayCome = evidence.state?.mayLag === true;
  if (sale.gaps.state.length === 0 && !mayBeCancelled && !mayCome) {
    const { count = 0, loss = null } = losses ?? {};
    if (loss !== null) return tooFewRows(evidence, { count, loss }, acknowledged.length);
    if (lost.length > 0 && sale.nameless.count === 0) {
      const summary = `${lost.length} of ${counted(acknowledged.length, 'acknowledged purchase')} left no order.`;
      const figures = { acknowledged: acknowledged.length, lost: lost.length };
      return intentsViolate('lost-purchase', evidence, { intents: lost, summary, figures });
    }
  }
  const forgotten =
    'Acknowledged purchases have no row, but the target does not keep cancelled orders: keep them, to tell lost ' +
    'from cancelled.';
  const figures = { acknowledged: acknowledged.length, lost: lost.length };
  return holdsUnless('lost-purchase', {
    missing: [
      ...sale.gaps.all,
      ...(mayBeCancelled ? [forgotten] : []),
      ...(lost.length > 0 || losses !== null || isByChance || mayBeStrangers(evidence, sale)
        ? namelessGaps(evidence, sale)
        : []),
      ...sharedGaps(sharedOrders(evidence, sale, acknowledged)),
    ],
    summary: `${counted(acknowledged.length, 'purchase')} acknowledged, ${lost.length} without an order.`,
    witness: witnessOf(evidence, { ...exampleOf(sale, acknowledged[0]), figures }),
  });
}

/** Intents that were told yes and have not given back, of one pool that the fixture knows. */
export function acknowledgedForGood(sale: Sale): number[] {
  return intentsWhere(sale, (intent) => sale.wants.pool[intent]! >= 0 && isForGood(sale, intent));
}

const isOfNobody = ({ nameless }: Sale, intent: number): boolean =>
  nameless.buyerOfIntent[intent] === ANYBODY;

/** How many orders were acknowledged to several buyers, all of them for good: at most one of them has it. */
function sharedOrders(evidence: Evidence, sale: Sale, acknowledged: readonly number[]): number {
  const { history } = evidence;
  const { details, outcome } = history;
  if (details === null) return 0;
  const { ofIntent } = buyersOf(evidence);
  const owner = passingInt32s(details.orders.length).fill(NOBODY);
  const shared = new Set<number>();
  for (const intent of acknowledged) {
    const buyer = ofIntent[intent]!;
    for (const i of buyer === -1 ? [] : membersOf(sale.operationsByIntent, intent)) {
      const order = details.order[i]!;
      if (order === -1 || outcome[i] !== OK || !isAcquire(history, i)) continue;
      if (owner[order] === NOBODY) owner[order] = buyer;
      else if (owner[order] !== buyer) shared.add(order);
    }
  }
  return shared.size;
}

const NOBODY = -1;

function sharedGaps(orders: number): readonly string[] {
  if (orders === 0) return [];
  return [
    `Several buyers were told that the same order is theirs, of ${counted(orders, 'order')}: whose it is nobody can ` +
      'say; let each purchase name its own.',
  ];
}

/** Rows that name nobody may all be somebody else's, where nobody vouches that there is nobody else. */
function mayBeStrangers({ fixture }: Evidence, { nameless }: Sale): boolean {
  return !nameless.byBuyer && fixture.exclusive !== true;
}

function tooFewRows(
  evidence: Evidence,
  { count, loss }: { readonly count: number; readonly loss: Loss },
  acknowledged: number,
): Finding {
  const { intents, rows, pool } = loss;
  const { id } = saleOf(evidence).pools[pool]!;
  return violated('lost-purchase', {
    count,
    summary:
      `${count} of ${counted(acknowledged, 'acknowledged purchase')} left no order: rows name no intent, but ` +
      `for ${counted(intents.length, 'purchase')} of pool ${id} there ${rows.length === 1 ? 'is' : 'are'} only ` +
      `${counted(rows.length, 'row')} that can be theirs.`,
    witness: witnessOf(evidence, {
      operations: deedsOf(evidence, intents),
      rows,
      pools: [pool],
      figures: { acknowledged, lost: count, purchases: intents.length, rows: rows.length },
    }),
  });
}

export const lostPurchase: Invariant = {
  id: 'lost-purchase',
  statement: 'An acknowledged purchase exists',
  decide,
};
