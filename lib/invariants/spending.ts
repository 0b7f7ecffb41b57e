import { MIXED } from '../history/attribution.ts';
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
  const operations = membersOf(sale.operationsByIntent, intent);
  const { history } = evidence;
  // Most intents of a burst were refused.
  if (!operations.some((i) => mayCharge(history, i))) return NOTHING;
  const acting =
    operations.length === 1 ? operations : operations.filter((i) => mayAct(history, i));
  const pays = ofKind(history, acting, PAY);
  const purchases = ofKind(history, acting, PURCHASE);
  const paid = chargesOf(evidence, sale, pays);
  const bought = chargesOf(evidence, sale, purchases);
  if (paid === null || bought === null || sale.wants.pool[intent] === MIXED) return null;
  const isTold = purchases.some((i) => amountOf(evidence, i) !== null);
  const charged = isTold || !mayPayLater(sale, ledger, intent) ? bought : orNothing(bought, pays);
  const cancels = ofKind(history, acting, CANCEL);
  const sum = plus(charged, paid);
  if (cancels.length > 0) {
    return lessRefunds(evidence, sum, { cancels, charges: [...pays, ...purchases] });
  }
  return mayBeReleased(evidence, sale, intent) ? between(0, highest(sum)) : sum;
}

const NO_OPERATIONS = new Int32Array(0);

const mayAct = ({ outcome }: History, i: number) => outcome[i] === OK || outcome[i] === INFO;

/** Those of a kind; without a new list for the many intents that were tried once. */
function ofKind({ kind }: History, operations: Int32Array, wanted: number): Int32Array {
  if (operations.length === 1) return kind[operations[0]!] === wanted ? operations : NO_OPERATIONS;
  return operations.filter((i) => kind[i] === wanted);
}

/** Orders are paid in steps, or a row of the intent says that it waits for its payment. */
function mayPayLater(sale: Sale, ledger: Ledger, intent: number): boolean {
  if (ledger.paysInSteps) return true;
  return membersOf(sale.rowsByIntent, intent).some((row) => sale.rows[row]!.state === 'held');
}

/** Who has paid, or may have, has not paid with the purchase too. */
function orNothing(bought: Sums, pays: Int32Array): Sums {
  return pays.length > 0 ? NOTHING : [...(lowest(bought) > 0 ? NOTHING : []), ...bought];
}

/** What operation i itself says was moved; null where it does not. */
export function amountOf({ history }: Evidence, i: number): number | null {
  const amount = history.details?.amount[i] ?? Number.NaN;
  return Number.isNaN(amount) ? null : amount;
}

/**
 * What one of these attempts takes, all of them `ok` or `info` purchases or payments of one order: the amount that an
 * acknowledged one told, else the price. Null where there is none, no price, or where amounts differ.
 */
export function chargeOf(evidence: Evidence, sale: Sale, attempts: Int32Array): number | null {
  const { history } = evidence;
  const [first] = attempts;
  if (first === undefined) return null;
  let told: number | null = null;
  let acknowledged = 0;
  for (const i of attempts) {
    if (history.outcome[i] !== OK) continue;
    const amount = amountOf(evidence, i);
    if (acknowledged++ > 0 && amount !== told) return null;
    told = amount;
  }
  if (told !== null) return told;
  const price = sale.pools[sale.operationPool[first]!]?.price;
  return price === undefined ? null : price * history.quantity[first]!;
}

/** What these attempts took together; null where it cannot be told. */
function chargesOf(evidence: Evidence, sale: Sale, attempts: Int32Array): Sums | null {
  const { history, fixture } = evidence;
  if (attempts.length === 0) return NOTHING;
  const each = chargeOf(evidence, sale, attempts);
  if (each === null) return null;
  const least = attempts.some((i) => history.outcome[i] === OK) ? 1 : 0;
  return times(each, least, recognisesKeys(fixture.rules?.idempotency) ? 1 : attempts.length);
}

export function recognisesKeys(idempotency: string | undefined): boolean {
  return idempotency !== undefined && idempotency !== 'none';
}

function lessRefunds(
  evidence: Evidence,
  charged: Sums,
  of: { readonly cancels: Int32Array; readonly charges: readonly number[] },
): Sums {
  const { history, clockErrorMs } = evidence;
  const most = highest(charged);
  const isCertain =
    lowest(charged) === most &&
    of.cancels.every((i) => history.outcome[i] === OK) &&
    of.charges.every((i) =>
      of.cancels.every((j) => history.end[i]! < history.start[j]! - 2 * clockErrorMs),
    );
  const told = new Set(Array.from(of.cancels, (i) => amountOf(evidence, i) ?? most));
  if (!isCertain || told.size > 1) return between(0, most);
  const [refund = most] = told;
  return exactly(most - refund);
}
