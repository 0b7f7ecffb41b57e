import {
  doubtOfState,
  type Facts,
  isConfirming,
  isLive,
  type Money,
  mayHaveHappened,
  not,
  type Outcome,
  type Payment,
  type Row,
  ticketsIn,
} from '../facts.ts';
import { couldBe, possibleOf, priceTold, recognisesKeys } from './possible.ts';

const proven = (facts: Facts, because: string): Outcome => ({
  proven: true,
  tickets: ticketsIn(facts.rows.filter(isLive)),
  because,
});

const netOf = (payments: readonly Payment[]): number =>
  payments.reduce((sum, { amount, status }) => sum + (status === 'charged' ? amount : -amount), 0);

/** All payments in question; null where some are not shown, or the target lists none. */
function allPayments({ payments, counts }: Money): readonly Payment[] | null {
  return payments !== null && payments.length === counts.payments ? payments : null;
}

/** An account, or the payments for one intent, that is not what it has to be. */
export function checkMoneyConservation(facts: Facts): Outcome {
  const { money, about } = facts;
  if (money === null) return not('the money');
  const doubt = doubtOfState(facts);
  if (doubt !== null) return not(`a final state to rely on: ${doubt}`);
  const { before, after } = money;
  if (about.intent === null && before !== null && after !== null && before >= 0 && after < 0) {
    return proven(facts, `the account is at ${after}`);
  }
  if (facts.restsOn.state!.mayLag) return not('a reading that cannot lag behind');
  const byBooks = about.intent === null ? compareBooks(facts, money) : null;
  if (byBooks !== null) return byBooks;
  if (!facts.restsOn.history.complete) return not('a complete history');
  if (!facts.allOperations) return not('all operations of the buyer');
  if (!facts.allRows) return not('all rows of the buyer');
  return about.intent === null
    ? compareAccount(facts, money)
    : comparePayments(facts, money, about.intent);
}

/** What the account lost against the payments, whatever the operations say; null where they agree or cannot tell. */
function compareBooks(facts: Facts, money: Money): Outcome | null {
  const payments = allPayments(money);
  const { before, after, counts } = money;
  if (payments === null || before === null || after === null) return null;
  if (counts.namelessPayments > 0 || counts.ownerlessPayments > 0) return null;
  if (before - after === netOf(payments)) return null;
  return proven(facts, `the account lost ${before - after}, its payments are ${netOf(payments)}`);
}

function compareAccount(facts: Facts, money: Money): Outcome {
  const unasked = unaskedPayments(facts, money);
  if (unasked !== null) return unasked;
  const { before, after, counts, buyer } = money;
  if (buyer === null || before === null || after === null) return not('the account');
  if (counts.ownerlessOperations > 0) return not('a buyer for every purchase');
  const possible = possibleOf(facts, new Set(facts.operations.map(({ intent }) => intent)));
  if (possible === null) return not('what the purchases cost');
  const taken = before - after;
  if (couldBe(possible, taken)) return not(`an account that did not lose ${taken}`);
  return proven(facts, `the account lost ${taken}, which the operations cannot have taken`);
}

/** Money for an intent of which nothing was sent that could make an order; null where there is none. */
function unaskedPayments(facts: Facts, money: Money): Outcome | null {
  const payments = allPayments(money);
  if (payments === null || money.counts.namelessPayments > 0) return null;
  const sent = new Set(facts.operations.map(({ intent }) => intent));
  const keyOfRow = new Map(facts.rows.map(({ id, intent }) => [id, intent]));
  const byIntent = new Map<string, Payment[]>();
  for (const payment of payments) {
    const key = payment.intent ?? keyOfRow.get(payment.order ?? '') ?? null;
    if (key === null || sent.has(key)) continue;
    byIntent.set(key, [...(byIntent.get(key) ?? []), payment]);
  }
  const wrong = [...byIntent.values()].map(netOf).find((net) => net !== 0);
  return wrong === undefined ? null : proven(facts, `${wrong} was charged for what was never sent`);
}

function comparePayments(facts: Facts, money: Money, intent: string): Outcome {
  const payments = allPayments(money);
  if (payments === null) return not('all payments for the intent');
  if (money.counts.namelessPayments > 0) return not('payments that all name an intent');
  const possible = possibleOf(facts, [intent]);
  if (possible === null) return not('what the purchase costs');
  const taken = netOf(payments);
  if (couldBe(possible, taken)) return not(`payments that are not ${taken}`);
  return proven(facts, `${taken} was charged, which the operations cannot have taken`);
}

/** What was taken for one intent: by its payments, or from the account of a buyer who has no other. */
function takenFor(money: Money): number | string {
  if (money.payments !== null) {
    const payments = allPayments(money);
    if (payments === null) return 'all payments for the intent';
    return money.counts.namelessPayments > 0 ? 'payments that all name an intent' : netOf(payments);
  }
  if (money.buyer === null || money.intents !== 1) return 'a buyer with just this intent';
  if (money.counts.ownerlessOperations > 0) return 'a buyer for every purchase';
  if (money.before === null || money.after === null) return 'the account';
  return money.before - money.after;
}

/** What has to be there before one intent's money can be looked at, and the money; else what is lacking. */
function moneyOfIntent(facts: Facts): number | string {
  const { money, about } = facts;
  if (money === null || about.intent === null) return 'the money of one intent';
  const doubt = doubtOfState(facts);
  if (doubt !== null) return `a final state to rely on: ${doubt}`;
  if (facts.restsOn.state!.mayLag) return 'a reading that cannot lag behind';
  if (!facts.allOperations) return 'all operations of the buyer';
  if (!facts.allRows) return 'all rows of the buyer';
  return takenFor(money);
}

/** Money without a paid order, a paid order without money, or one that is not paid although the buyer was told so. */
export function checkSagaAtomicity(facts: Facts): Outcome {
  const taken = moneyOfIntent(facts);
  if (typeof taken === 'string') return not(taken);
  const money = facts.money!;
  const { operations, rows } = facts;
  const back = operations.filter(({ kind }) => kind === 'cancel');
  const live = rows.filter(isLive);
  if (live.some(({ state }) => state === undefined) && money.paysInSteps) {
    return not('rows that say whether they are paid');
  }
  const paid = live.filter(({ state }) => (state ?? 'paid') === 'paid');
  if (taken < 0) return proven(facts, `${-taken} more was given back than was taken`);
  if (ticketsIn(paid) > 0) return paidFor(facts, { paid, taken });
  if (taken > 0) {
    if (mayKeepFee(facts)) return not('that no fee was kept for a cancellation');
    return money.counts.namelessRows > 0
      ? not('that no nameless order is the buyer’s')
      : proven(facts, `${taken} was taken and no order is paid`);
  }
  const isTold = operations.some(
    (each) => isConfirming(each) && (each.kind === 'pay' || !money.paysInSteps),
  );
  const unpaid = rows.some(({ state }) => state === 'none' || state === 'held');
  if (!isTold || !unpaid || back.length > 0 || mayLackCancels(facts)) {
    return not('a sale that was done by halves');
  }
  return proven(facts, 'the buyer was told that it is paid, and the order is not');
}

/** A cancellation may be missing, and no row denies that there was one. */
function mayLackCancels({ restsOn, rows }: Facts): boolean {
  const isDenied = restsOn.state!.keepsCancelled && rows.every(isLive);
  return !restsOn.history.complete && !isDenied;
}

/** For a cancellation that told what it gave back, or had no answer, or may be missing. */
function mayKeepFee(facts: Facts): boolean {
  if (mayLackCancels(facts)) return true;
  return facts.operations.some(
    ({ kind, outcome, amount }) =>
      kind === 'cancel' && (outcome === 'info' || (outcome === 'ok' && amount !== undefined)),
  );
}

function paidFor(
  facts: Facts,
  { paid, taken }: { readonly paid: readonly Row[]; readonly taken: number },
): Outcome {
  if (taken > 0) return not('a paid order without money');
  const prices = new Map(facts.money!.prices.map(({ pool, price }) => [pool, price]));
  if (paid.some(({ pool }) => !prices.has(pool))) return not('what the tickets cost');
  const price = paid.reduce((sum, { pool, quantity }) => sum + prices.get(pool)! * quantity, 0);
  if (price === 0) return not('tickets that cost something');
  return proven(facts, `the order is paid, and nothing of its ${price} was taken`);
}

/** Twice the price or more was taken for one intent. */
export function checkChargedTwice(facts: Facts): Outcome {
  const taken = moneyOfIntent(facts);
  if (typeof taken === 'string') return not(taken);
  const taking = facts.operations.filter(
    (each) => mayHaveHappened(each) && (each.kind === 'pay' || each.kind === 'purchase'),
  );
  const pays = taking.filter(({ kind }) => kind === 'pay');
  const isDeposit = taking.some(({ kind, amount }) => kind === 'purchase' && amount !== undefined);
  if (pays.length > 0 && isDeposit) return not('one price');
  const price = priceTold(facts, pays.length > 0 ? pays : taking);
  if (price === null || price === 0) return not('what the tickets cost');
  if (taken < 2 * price) return not(`${2 * price - taken} more that was taken`);
  // What was given back for nothing may have been bought once more.
  if (!recognisesKeys(facts) && mayKeepFee(facts)) return not('that nothing was given back');
  return proven(facts, `${taken} was taken for what costs ${price}`);
}

/** Two purchases with one key whose replies cannot both be the one that was saved. */
export function checkOneReply(facts: Facts): Outcome {
  const { about, mixed, operations } = facts;
  if (about.intent === null || mixed === null || mixed.has(about.intent))
    return not('one wish for one key');
  if (!recognisesKeys(facts)) return not('that the shop promised to recognise keys');
  const saved = operations.filter(
    ({ kind, intent, outcome, status }) =>
      kind === 'purchase' &&
      intent === about.intent &&
      /^(ok|refused)$/.test(outcome) &&
      status < 500 &&
      ![409, 422, 429].includes(status),
  );
  const accepted = saved.filter(({ outcome }) => outcome === 'ok');
  const orders = new Set(accepted.flatMap(({ order }) => (order === undefined ? [] : [order])));
  if (orders.size > 1) return proven(facts, 'one key was answered with two orders');
  if (accepted.length === 0 || accepted.length === saved.length) return not('a second reply');
  return proven(facts, 'one key was answered with an order and with a refusal');
}
