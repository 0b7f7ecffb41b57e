import { MIXED, UNASKED } from '../history/attribution.ts';
import { membersOf } from '../history/grouping.ts';
import { CANCEL, type History, INFO, OK, PAY, PURCHASE } from '../history/history.ts';
import type { Evidence } from './invariant.ts';
import { type Ledger, mayCharge } from './ledger.ts';
import { mayBeReleased, type Sale } from './sale.ts';
import { between, exactly, highest, lowest, NOTHING, plus, type Sums, times } from './sums.ts';

/*
 * What a correct shop can have taken from a buyer for one intent, from the intent's operations alone.
 *
 * A purchase or payment that was acknowledged took its own amount, or the price; one that was cut off may have; one that
 * was refused or failed took nothing for good. Attempts that were both acknowledged may both have taken it, unless the
 * target recognises keys: whether it should have is duplicate-effect's business. Where orders are paid in a step of their
 * own, a purchase without an amount may leave that to the payment. A cancellation of what was certainly paid before it
 * began gives back its own amount, or all; any other cancellation, and one that only a row tells of, gives back at most
 * all.
 */

/** Null where it cannot be told: the price is unknown, or operations of the intent ask for different things. */
export function spendingOf(
  evidence: Evidence,
  { sale, ledger }: { readonly sale: Sale; readonly ledger: Ledger },
  intent: number,
): Sums | null {
  const { wants } = sale;
  if (((wants.purchases[intent]! | wants.pays[intent]!) & MAY_ACT) === 0) return NOTHING;
  const pays = attemptsOf(evidence, sale, { intent, kind: PAY });
  const purchases = attemptsOf(evidence, sale, { intent, kind: PURCHASE });
  const paid = chargesOf(evidence, pays);
  const bought = chargesOf(evidence, purchases);
  if (paid === null || bought === null || wants.pool[intent] === MIXED) return null;
  const isPaidAtOnce = purchases.isTold || !mayPayLater(sale, ledger, intent);
  const sum = plus(isPaidAtOnce ? bought : orNothing(bought, pays), paid);
  if ((wants.cancels[intent]! & MAY_ACT) !== 0) return lessRefunds(evidence, sale, { intent, sum });
  return mayBeReleased(evidence, sale, intent) ? between(0, highest(sum)) : sum;
}

const MAY_ACT = (1 << OK) | (1 << INFO);

const mayAct = ({ outcome }: History, i: number) => (MAY_ACT & (1 << outcome[i]!)) !== 0;

/** Orders are paid in steps, or a row of the intent says that it waits for its payment. */
function mayPayLater(sale: Sale, ledger: Ledger, intent: number): boolean {
  if (ledger.paysInSteps) return true;
  return membersOf(sale.rowsByIntent, intent).some((row) => sale.rows[row]!.state === 'held');
}

/** Who has paid, or may have, has not paid with the purchase too. */
function orNothing(bought: Sums, pays: Attempts): Sums {
  return pays.count > 0 ? NOTHING : [...(lowest(bought) > 0 ? NOTHING : []), ...bought];
}

/** What operation i itself says was moved; null where it does not. */
export function amountOf({ history }: Evidence, i: number): number | null {
  const amount = history.details?.amount[i] ?? Number.NaN;
  return Number.isNaN(amount) ? null : amount;
}

/** The attempts of one kind that an intent made, those that ended `ok` or `info`, put together. */
export interface Attempts {
  readonly count: number;
  readonly acknowledged: number;
  /** Whether any of them said itself what it moved. */
  readonly isTold: boolean;
  /**
   * What one of them takes: the amount that the acknowledged ones told, and those that were cut off as far as they did;
   * else the price of the tickets that the intent asked for. Null where there is none, where amounts differ, and where
   * there is no price or nobody asked for tickets.
   */
  readonly each: number | null;
}

const NO_ATTEMPTS: Attempts = { count: 0, acknowledged: 0, isTold: false, each: null };

/** `kind` is `PURCHASE` or `PAY`. */
export function attemptsOf(
  evidence: Evidence,
  sale: Sale,
  of: { readonly intent: number; readonly kind: number },
): Attempts {
  const { history } = evidence;
  const { wants } = sale;
  // Most intents have only the one or the other, which is known without a look at their operations.
  const ended = (of.kind === PAY ? wants.pays : wants.purchases)[of.intent]!;
  if ((ended & MAY_ACT) === 0) return NO_ATTEMPTS;
  const { first, member } = sale.operationsByIntent;
  let earliest = -1;
  let [count, acknowledged, telling] = [0, 0, 0];
  let [isTold, differ] = [false, false];
  let told: number | null = null;
  for (let at = first[of.intent]!; at < first[of.intent + 1]!; at++) {
    const i = member[at]!;
    if (history.kind[i] !== of.kind || !mayAct(history, i)) continue;
    if (count++ === 0) earliest = i;
    const amount = amountOf(evidence, i);
    if (amount !== null) isTold = true;
    if (history.outcome[i] === OK) acknowledged++;
    else if (amount === null) continue;
    if (telling++ > 0 && amount !== told) differ = true;
    told = amount;
  }
  const each = differ ? null : (told ?? priceOf(sale, { intent: of.intent, charge: earliest }));
  return { count, acknowledged, isTold, each };
}

/** What the intent's tickets cost in the pool of that operation: a payment is for all of them, whatever its quantity. */
function priceOf(
  { wants, pools, operationPool }: Sale,
  { intent, charge }: { readonly intent: number; readonly charge: number },
): number | null {
  const price = pools[operationPool[charge]!]?.price;
  return price === undefined || wants.pool[intent] === UNASKED
    ? null
    : price * wants.quantity[intent]!;
}

/** What these attempts took together; null where it cannot be told. */
function chargesOf({ fixture }: Evidence, { count, acknowledged, each }: Attempts): Sums | null {
  if (count === 0) return NOTHING;
  if (each === null) return null;
  const most = recognisesKeys(fixture.rules?.idempotency) ? 1 : count;
  return times(each, acknowledged > 0 ? 1 : 0, most);
}

export function recognisesKeys(idempotency: string | undefined): boolean {
  return idempotency !== undefined && idempotency !== 'none';
}

function lessRefunds(
  evidence: Evidence,
  sale: Sale,
  { intent, sum: charged }: { readonly intent: number; readonly sum: Sums },
): Sums {
  const { history, clockErrorMs } = evidence;
  const acting = membersOf(sale.operationsByIntent, intent).filter((i) => mayAct(history, i));
  const cancels = acting.filter((i) => history.kind[i] === CANCEL);
  const charges = acting.filter((i) => mayCharge(history, i));
  const most = highest(charged);
  const isCertain =
    lowest(charged) === most &&
    cancels.every((i) => history.outcome[i] === OK) &&
    charges.every((i) =>
      cancels.every((j) => history.end[i]! < history.start[j]! - 2 * clockErrorMs),
    );
  const told = new Set(Array.from(cancels, (i) => amountOf(evidence, i) ?? most));
  if (!isCertain || told.size > 1) return between(0, most);
  const [refund = most] = told;
  return exactly(most - refund);
}

/**
 * The history lacks requests, a cancellation maybe, unless the shop keeps cancelled orders and has none of the intent. To be
 * asked where there is a final state.
 */
export function mayLackCancel(evidence: Evidence, sale: Sale, intent: number): boolean {
  const { historyComplete, state } = evidence;
  const isKept = state!.keepsCancelled && sale.wants.cancelledRows[intent] === 0;
  return !historyComplete && !isKept;
}

/** After a cancellation that may have given back less than all, what is left of the money may be a fee. */
export function mayKeepMoney(evidence: Evidence, sale: Sale, intent: number): boolean {
  if (mayLackCancel(evidence, sale, intent)) return true;
  const { kind, outcome } = evidence.history;
  return membersOf(sale.operationsByIntent, intent).some(
    (i) =>
      kind[i] === CANCEL &&
      (outcome[i] === INFO || (outcome[i] === OK && amountOf(evidence, i) !== null)),
  );
}
