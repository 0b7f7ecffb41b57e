import { isForGood } from '../history/attribution.ts';
import { FAIL, isAcquire, OK } from '../history/history.ts';
import { TextTable } from '../history/text-table.ts';
import { counted } from './conclude.ts';
import type { Evidence } from './invariant.ts';
import type { Sale } from './sale.ts';

/** What keeps a check from saying *holds*, in words for people: what is missing and how to get it. */
export type Gaps = readonly string[];

/** Why it is not certain that every request is in the history. */
export function historyGaps({ historyComplete, historyDoubt }: Evidence): Gaps {
  if (historyComplete) return [];
  if (historyDoubt !== undefined) {
    return [
      `The history cannot be complete, whoever vouches for it. ${historyDoubt} Record every request once, on a clock that ` +
        'nobody sets, and import that.',
    ];
  }
  return [
    'The history is not complete, so there may have been purchases it does not show: the load account in ' +
      'manifest.json names the gaps; run again to its end, or vouch for an imported one (--history-complete).',
  ];
}

/** Why the final state cannot be relied on; while there is one, no verdict rests on it. */
export function stateGaps(evidence: Evidence): Gaps {
  const { state, history } = evidence;
  if (state === null)
    return [
      'The target was never read back: let the run finish its settle stage, or give an import its --state.',
    ];
  const gaps: string[] = [];
  const told = state.caveats.length === 0 ? '' : ` (${state.caveats.join('; ')})`;
  if (!state.settled)
    gaps.push(`No two readings agreed: leave the target alone for longer${told}.`);
  if (!state.complete)
    gaps.push(`The read-back is not complete: read every page and buyer${told}.`);
  const ids = new TextTable(state.orders.length);
  for (const { id } of state.orders) ids.add(id);
  if (ids.texts.length < state.orders.length) {
    gaps.push(
      'Row ids repeat in the read-back, so a page was read twice or missed: read it again.',
    );
  }
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < history.length; i++) lastEnd = Math.max(lastEnd, history.end[i]!);
  // Doubtful clocks are no reason to rely on it, so their error is not taken off.
  if (lastEnd > state.readAt) {
    gaps.push('The target was read before the last operation had ended: read it again afterwards.');
  }
  const old = acknowledgedBefore(evidence);
  if (old > 0) {
    gaps.push(
      `${counted(old, 'purchase')} got an order that was there before the run: a shop that recognises keys tells an ` +
        'old answer again. Give each run keys, and so an id, of its own.',
    );
  }
  return gaps;
}

/** Acknowledged purchases and holds whose order is of the baseline. */
function acknowledgedBefore({ history, fixture }: Evidence): number {
  const { details } = history;
  if (details === null || fixture.baselineOrders.length === 0) return 0;
  const before = new Set(fixture.baselineOrders);
  const isOld = details.orders.map((order) => before.has(order));
  return history.outcome.reduce((count, outcome, i) => {
    const isTold = outcome === OK && isAcquire(history, i) && isOld[details.order[i]!];
    return isTold ? count + 1 : count;
  }, 0);
}

/**
 * Why what is absent may yet come: acknowledged tickets are missing in a reading that may lag behind. Where all of them
 * are there, the copy has caught up with the last acknowledgement.
 */
export function lagGaps({ state }: Evidence, sale: Pick<Sale, 'wants'>): Gaps {
  const { wants } = sale;
  if (state?.mayLag !== true) return [];
  let behind = 0;
  for (let intent = 0; intent < wants.length; intent++) {
    if (!isForGood(sale, intent) || wants.cancelledRows[intent]! > 0) continue;
    if (wants.live[intent]! + wants.liveElsewhere[intent]! < wants.quantity[intent]!) behind++;
  }
  if (behind === 0) return [];
  return [
    `${behind} acknowledged purchases are not whole in a reading that may lag behind (a replica, a cache): read the ` +
      'shop’s own database.',
  ];
}

/** Why the run put nothing to the test: every claim holds of a shop nobody buys from. */
export function trialGaps({ history }: Evidence): Gaps {
  const gaps: string[] = [];
  if (!history.outcome.some((outcome, i) => outcome === OK && isAcquire(history, i))) {
    gaps.push('Nothing was sold: look at the replies, then run against a shop that sells.');
  }
  if (!hasSaleInCompany(history)) {
    gaps.push(
      'No two operations overlapped in one pool, one of them a sale: let more buyers come at the same time.',
    );
  }
  return gaps;
}

/** Buyers who are refused together after tickets were sold one by one have put nothing to the test. */
function hasSaleInCompany(history: Evidence['history']): boolean {
  const latestEnd = new Float64Array(history.poolIds.length).fill(Number.NEGATIVE_INFINITY);
  const latestSaleEnd = latestEnd.slice();
  for (let i = 0; i < history.length; i++) {
    if (history.outcome[i] === FAIL || !isAcquire(history, i)) continue;
    const pool = history.pool[i]!;
    const isSale = history.outcome[i] === OK;
    if (history.start[i]! < (isSale ? latestEnd : latestSaleEnd)[pool]!) return true;
    latestEnd[pool] = Math.max(latestEnd[pool]!, history.end[i]!);
    if (isSale) latestSaleEnd[pool] = Math.max(latestSaleEnd[pool]!, history.end[i]!);
  }
  return false;
}

/** What a claim about orders lacks where nobody of the run has any: it holds of a shop that loses all it sells, too. */
export function orderGaps({ rowIntent, nameless }: Pick<Sale, 'rowIntent' | 'nameless'>): Gaps {
  if (nameless.count > 0 || rowIntent.some((intent) => intent >= 0)) return [];
  return [
    'No order of the run is in the final state, so the claim was not tested: look where they went, then run again.',
  ];
}

/** What in the history and fixture does not fit together; what it touches was left out of the judgement. */
export function namingGaps({ fixture }: Evidence, sale: Omit<Sale, 'gaps'>): Gaps {
  const gaps: string[] = [];
  const outside = sale.operationPool.reduce((sum, pool) => sum + (pool < 0 ? 1 : 0), 0);
  if (outside > 0) {
    gaps.push(`${outside} operations name a pool that the fixture does not know: name it there.`);
  }
  if (sale.rowPool.includes(-1)) {
    gaps.push('The read-back has rows of pools that the fixture does not know: name them there.');
  }
  if (sale.mixedIntents > 0) {
    gaps.push(
      `${sale.mixedIntents} intents ask for different things in different operations: give each its own key.`,
    );
  }
  if (sale.pools.some(({ capacity, remaining }) => remaining !== null && remaining !== capacity)) {
    gaps.push(
      'What pools may sell is not what was left of them at first, so capacities are not certain: name what was left.',
    );
  }
  if (sale.pools.length < fixture.pools.length) {
    gaps.push(
      'Pool ids repeat in the fixture, so capacities are not certain: name each pool once.',
    );
  }
  return gaps;
}
