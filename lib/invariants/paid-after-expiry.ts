import { MIXED } from '../history/attribution.ts';
import { membersOf } from '../history/grouping.ts';
import { HOLD, INFO, OK, PAY, PURCHASE } from '../history/history.ts';
import { countBefore, countUpTo } from '../history/sorted.ts';
import type { Finding } from '../model/finding.ts';
import type { OrderState } from '../model/operation.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import { certainSpans, expiryOf, joinedSpans } from './holding-spans.ts';
import type { Evidence, Invariant } from './invariant.ts';
import type { Sale } from './sale.ts';
import { saleOf } from './sale.ts';
import { mayHaveGrown } from './sell-out.ts';

/*
 * Claims: a payment for a hold that had expired follows the policy. It came late if it began after the latest expiry that
 * anything of its intent tells, by more than the skew of clocks and the clock error, and no payment that succeeded or may
 * have began before. Under `reject` an `ok` one is a violation; so it is under `reject-after-grace`, where only what began
 * by the grace for expiries after that came late; under `accept-if-capacity` it is one if during all of it so
 * much was certainly held by others that the tickets cannot have been there; under `accept` nothing is.
 *
 * A payment without a reply was taken if the order's row says that it is paid.
 *
 * Cannot see: payments within the clocks' doubt around the expiry; holds whose expiry neither replies nor rules tell, or
 * that an unanswered request may have made anew; whether a payment in time is missing from a history that is not complete.
 *
 * Witness: the hold and the payment, and of one without a reply the row that tells that it was taken.
 */
interface LatePayments {
  /** Certainly late and taken: `ok`, or the first of those whose order is paid. One an intent. */
  readonly accepted: readonly number[];
  /** Certainly late, and turned down. */
  readonly rejected: number;
  /** Certainly late, without a reply, and nothing tells whether they were taken. */
  readonly unanswered: number;
}

function latePayments(evidence: Evidence, sale: Sale): LatePayments {
  const { history } = evidence;
  const { wants } = sale;
  const accepted: number[] = [];
  let [rejected, unanswered] = [0, 0];
  wants.holds.forEach((holds, intent) => {
    if ((holds & (1 << OK)) === 0 || wants.pays[intent] === 0) return;
    if (wants.pool[intent] === MIXED) return;
    const own = membersOf(sale.operationsByIntent, intent);
    const limit = lateAfter(evidence, sale, intent);
    const pays = own.filter((i) => history.kind[i] === PAY);
    const effective = pays.filter((i) => history.outcome[i] === OK || history.outcome[i] === INFO);
    if (effective.some((i) => history.start[i]! <= limit)) return;
    const first = effective.find((i) => history.outcome[i] === OK);
    if (first !== undefined) accepted.push(first);
    else if (effective.length > 0) {
      if (liveRows(sale, intent, 'paid').length > 0) accepted.push(effective[0]!);
      else if (liveRows(sale, intent, undefined).length > 0) unanswered++;
    } else if (pays.some((i) => history.start[i]! > limit)) rejected++;
  });
  return { accepted, rejected, unanswered };
}

/** Numbers of the intent's live rows that tell this state of their order, or none. */
function liveRows(sale: Sale, intent: number, told: OrderState | undefined): number[] {
  return [...membersOf(sale.rowsByIntent, intent)].filter((row) => {
    const { status, state } = sale.rows[row]!;
    return status === 'live' && state === told;
  });
}

/**
 * From when on the hold of an intent that has an `ok` one is certainly over, on the generator's clock; +∞ where nobody can
 * tell.
 */
function lateAfter(evidence: Evidence, sale: Sale, intent: number): number {
  const { history, fixture, clockErrorMs } = evidence;
  let expiry = Number.NEGATIVE_INFINITY;
  for (const i of membersOf(sale.operationsByIntent, intent)) {
    const may = history.outcome[i] === OK || history.outcome[i] === INFO;
    const told = history.details?.expiresAt[i] ?? Number.NaN;
    if (!Number.isNaN(told)) expiry = Math.max(expiry, told);
    if (!may) continue;
    if (history.kind[i] === PURCHASE) return Number.POSITIVE_INFINITY;
    if (history.kind[i] !== HOLD) continue;
    if (history.outcome[i] === INFO) return Number.POSITIVE_INFINITY;
    expiry = Math.max(expiry, expiryOf(evidence, i).latest);
  }
  for (const row of membersOf(sale.rowsByIntent, intent)) {
    expiry = Math.max(expiry, sale.rows[row]!.expiresAt ?? expiry);
  }
  const { clockSkewMs = 0, expiryGraceMs = 0, latePayment } = fixture.rules ?? {};
  const graceMs = latePayment === 'reject-after-grace' ? expiryGraceMs : 0;
  return expiry + graceMs + clockSkewMs + clockErrorMs;
}

/**
 * The fewest tickets that others than its intent certainly hold during all of each late payment. Of spans that begin
 * before the payment those that end before it is over are taken off, so that what remains is held throughout. Its own are
 * not among these: the hold was over before, and what a payment gave is certain only from its end on.
 */
function heldByOthers(evidence: Evidence, sale: Sale): (i: number) => number {
  const spans = joinedSpans(certainSpans(evidence));
  const { history, clockErrorMs } = evidence;
  const byPool = sale.pools.map((_, pool) => {
    const own = [...spans.intent.keys()].filter(
      (span) => sale.wants.pool[spans.intent[span]!] === pool,
    );
    return { from: summed(own, spans.from), until: summed(own, spans.until) };
  });
  function summed(own: readonly number[], at: Float64Array) {
    const order = own.toSorted((a, b) => at[a]! - at[b]!);
    const sums = new Float64Array(order.length + 1);
    order.forEach((span, n) => {
      sums[n + 1] = sums[n]! + sale.wants.quantity[spans.intent[span]!]!;
    });
    const times = Float64Array.from(order, (span) => at[span]!);
    return { times, sums };
  }
  return (i) => {
    const { from, until } = byPool[sale.operationPool[i]!]!;
    const begun = countBefore(from.times, history.start[i]! - clockErrorMs);
    const over = countUpTo(until.times, history.end[i]! + clockErrorMs);
    return from.sums[begun]! - until.sums[over]!;
  };
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const policy = evidence.fixture.rules?.latePayment;
  const { accepted, rejected, unanswered } = latePayments(evidence, sale);
  const isNeverTaken = policy?.startsWith('reject') === true;
  const against = isNeverTaken ? accepted : withoutCapacity(evidence, sale, accepted);
  const wrong = evidence.historyComplete ? against.filter((i) => isTaken(evidence, sale, i)) : [];
  const late = accepted.length + rejected;
  const figures = { late, accepted: accepted.length, rejected };
  if (wrong.length > 0) {
    const pay = wrong[0]!;
    const { history } = evidence;
    const hold = holdOf(evidence, sale, pay);
    const lateMs = history.start[pay]! - lateAfter(evidence, sale, history.intent[pay]!);
    return violated('paid-after-expiry', {
      count: wrong.length,
      summary:
        `${counted(wrong.length, 'payment')} taken for holds that had expired, against the policy ${policy}: one ` +
        `certainly ${lateMs} ms late.`,
      witness: witnessOf(evidence, {
        operations: [hold, pay],
        rows: history.outcome[pay] === OK ? [] : liveRows(sale, history.intent[pay]!, 'paid'),
        figures: { ...figures, lateMs },
      }),
    });
  }
  const missing = [...sale.gaps.all];
  if (unanswered > 0)
    missing.push(
      `${counted(unanswered, 'late payment')} got no reply, and the rows do not tell whether the order is paid: read its ` +
        'state.',
    );
  if (late === 0)
    missing.push('Nobody certainly paid late: let some buyers pay after their hold has expired.');
  if (!isNeverTaken && rejected === 0 && accepted.length > 0)
    missing.push('No late payment found the tickets gone: offer more buyers than tickets.');
  return holdsUnless('paid-after-expiry', {
    missing,
    summary: `${counted(late, 'late payment')}, ${accepted.length} of them taken.`,
    witness: witnessOf(evidence, { figures }),
  });
}

/** By its reply; or by a row that can be relied on. */
function isTaken({ history }: Evidence, sale: Sale, i: number): boolean {
  return history.outcome[i] === OK || sale.gaps.state.length === 0;
}

function withoutCapacity(evidence: Evidence, sale: Sale, accepted: readonly number[]): number[] {
  if (accepted.length === 0) return [];
  const held = heldByOthers(evidence, sale);
  return accepted.filter((i) => {
    const intent = evidence.history.intent[i]!;
    const pool = sale.wants.pool[intent]!;
    if (pool < 0 || mayHaveGrown(evidence, sale, pool)) return false;
    return held(i) + sale.wants.quantity[intent]! > sale.pools[pool]!.capacity;
  });
}

/** The hold whose expiry is the latest; of several such the first. */
function holdOf(evidence: Evidence, sale: Sale, pay: number): number {
  const { history } = evidence;
  const holds = membersOf(sale.operationsByIntent, history.intent[pay]!).filter(
    (i) => history.kind[i] === HOLD && history.outcome[i] === OK,
  );
  return holds.reduce((a, b) =>
    expiryOf(evidence, b).latest > expiryOf(evidence, a).latest ? b : a,
  );
}

export const paidAfterExpiry: Invariant = {
  id: 'paid-after-expiry',
  statement: 'A late payment follows the policy',
  isBeside: ({ fixture, history, historyComplete }) => {
    const policy = fixture.rules?.latePayment;
    if (policy === undefined) return 'Nothing is promised about payments that come late.';
    if (policy === 'accept') return 'Payments are accepted however late they come.';
    const isHeld = history.kind.includes(HOLD);
    return historyComplete && history.length > 0 && !isHeld
      ? 'Nobody held tickets, so no payment could come late.'
      : null;
  },
  decide,
};
