import { UNSENT } from '../history/attribution.ts';
import { membersOf } from '../history/grouping.ts';
import { passingFloats } from '../history/lasting.ts';
import type { Finding } from '../model/finding.ts';
import { intentsWhere } from './by-intent.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { hasMoney, type Ledger, ledgerOf } from './ledger.ts';
import { type Sale, saleOf } from './sale.ts';
import { spendingOf } from './spending.ts';
import { has, highest, lowest, NOTHING, plus, type Sums } from './sums.ts';

/*
 * Claims, buyer by buyer and never by sums over buyers: what an account lost is what the buyer's operations took, as far as
 * they tell (spending.ts says what each can have taken); no account that was not below zero at first is so in the end.
 * Where payments are listed, what was charged for an intent less what was refunded is what its operations took, and what
 * an account lost is what was charged to it.
 *
 * Cannot see: two errors of one buyer that cancel out, where payments are not listed; money that moved and came back;
 * charges for intents whose price nobody told; a second charge for a second acknowledgement of one intent
 * (duplicate-effect sees that); anything in a history that is not complete, but for an account below zero.
 *
 * Witness: one buyer's operations and rows, and the figures of the account; or those of one intent, where its payments
 * are wrong.
 */
export type Wrong = 'below-zero' | 'account' | 'payments' | 'unasked-payments' | 'books';

/** One thing that is wrong about one buyer's money. */
export interface WrongMoney {
  readonly how: Wrong;
  /** −1 where nobody knows the buyer; then it is about the intent. */
  readonly buyer: number;
  /** Of the history; −1 where it is about the buyer's account. */
  readonly intent: number;
  /** What was taken, and what could have been: amounts in the smallest unit of the currency. */
  readonly taken: number;
  readonly least: number;
  readonly most: number;
}

interface Books {
  readonly evidence: Evidence;
  readonly sale: Sale;
  readonly ledger: Ledger;
}

function booksOf(evidence: Evidence): Books {
  return { evidence, sale: saleOf(evidence), ledger: ledgerOf(evidence) };
}

/** What the finding shows; null where nothing is wrong. */
export function firstWrongMoney(evidence: Evidence): WrongMoney | null {
  const books = booksOf(evidence);
  return books.sale.gaps.state.length > 0 ? null : (wrongMoney(books)[0] ?? null);
}

function decide(evidence: Evidence): Finding {
  const books = booksOf(evidence);
  const { sale, ledger } = books;
  const wrong = sale.gaps.state.length > 0 ? [] : wrongMoney(books);
  if (wrong.length > 0) return asViolation(books, wrong);
  const judged = ledger.before.reduce(
    (n, credit, buyer) => n + (Number.isNaN(credit - ledger.after[buyer]!) ? 0 : 1),
    0,
  );
  const payments = ledger.payments?.length ?? 0;
  return holdsUnless('money-conservation', {
    missing: [...sale.gaps.all, ...moneyGaps(books)],
    summary: `${counted(judged, 'account')} and ${counted(payments, 'payment')} compared with what was bought.`,
    witness: witnessOf(evidence, { figures: { accounts: judged, payments } }),
  });
}

/** Of a sale whose final state can be relied on, so there is one. */
function wrongMoney(books: Books): WrongMoney[] {
  const { evidence, ledger } = books;
  const fromAccounts = wrongAccounts(books);
  const isNamed = ledger.namelessPayments === 0;
  if (evidence.state!.mayLag === true || !isNamed || ledger.payments === null) return fromAccounts;
  return [...fromAccounts, ...wrongPayments(books), ...wrongBooks(books)];
}

/** Accounts that are below zero, or lost what their buyer's operations cannot have taken. */
function wrongAccounts(books: Books): WrongMoney[] {
  const { evidence, ledger } = books;
  const { before, after } = ledger;
  const isWhole = evidence.historyComplete && evidence.state!.mayLag !== true;
  // An intent of nobody known may have been any buyer's.
  const isKnown = isWhole && ledger.ownerless.operations === 0;
  const wrong: WrongMoney[] = [];
  for (let buyer = 0; buyer < before.length; buyer++) {
    const taken = before[buyer]! - after[buyer]!;
    if (Number.isNaN(taken)) continue;
    const about = { buyer, intent: -1, taken };
    if (after[buyer]! < 0 && before[buyer]! >= 0) {
      wrong.push({ ...about, how: 'below-zero', least: 0, most: before[buyer]! });
    } else if (isKnown) {
      const sums = spendingOfBuyer(books, buyer);
      if (sums === null || has(sums, taken)) continue;
      wrong.push({ ...about, how: 'account', least: lowest(sums), most: highest(sums) });
    }
  }
  return wrong;
}

function spendingOfBuyer({ evidence, sale, ledger }: Books, buyer: number): Sums | null {
  const { first, member } = ledger.intentsOfBuyer;
  let sums = NOTHING;
  for (let at = first[buyer]!; at < first[buyer + 1]!; at++) {
    const own = spendingOf(evidence, { sale, ledger }, member[at]!);
    if (own === null) return null;
    sums = plus(sums, own);
  }
  return sums;
}

/** Intents whose payments are not what their operations took; every payment names an intent of the plan. */
function wrongPayments({ evidence, sale, ledger }: Books): WrongMoney[] {
  if (!evidence.historyComplete) return [];
  const { paidByIntent } = ledger;
  const wrong: WrongMoney[] = [];
  for (let intent = 0; intent < paidByIntent.length; intent++) {
    const taken = paidByIntent[intent]!;
    const sums = spendingOf(evidence, { sale, ledger }, intent);
    if (sums === null || has(sums, taken)) continue;
    const buyer = ledger.buyerOfIntent[intent]!;
    wrong.push({ how: 'payments', buyer, intent, taken, least: lowest(sums), most: highest(sums) });
  }
  // Without a buyer there is nothing to show it by.
  return [...wrong, ...unaskedPayments(ledger).filter(({ buyer }) => buyer !== -1)];
}

/** What was charged for intents of the plan of which nothing was sent, each by itself. */
function unaskedPayments({ paymentNet, paymentIntent, paymentKey, paymentBuyer }: Ledger) {
  const unasked = new Map<string, WrongMoney>();
  paymentNet.forEach((net, i) => {
    if (paymentIntent[i] !== UNSENT) return;
    const key = paymentKey[i]!;
    const taken = (unasked.get(key)?.taken ?? 0) + net;
    const buyer = paymentBuyer[i]!;
    unasked.set(key, { how: 'unasked-payments', buyer, intent: -1, taken, least: 0, most: 0 });
  });
  return [...unasked.values()].filter(({ taken }) => taken !== 0);
}

/** Accounts that lost something else than what was charged to them, whatever the operations say. */
function wrongBooks({ ledger }: Books): WrongMoney[] {
  const { before, after, paymentNet, paymentBuyer } = ledger;
  if (ledger.ownerless.payments > 0) return [];
  const charged = passingFloats(before.length);
  paymentNet.forEach((net, i) => {
    charged[paymentBuyer[i]!]! += net;
  });
  const wrong: WrongMoney[] = [];
  for (let buyer = 0; buyer < before.length; buyer++) {
    const taken = before[buyer]! - after[buyer]!;
    if (Number.isNaN(taken) || taken === charged[buyer]) continue;
    const least = charged[buyer]!;
    wrong.push({ how: 'books', buyer, intent: -1, taken, least, most: least });
  }
  return wrong;
}

function moneyGaps({ evidence, sale, ledger }: Books): string[] {
  const { state } = evidence;
  const gaps: string[] = [];
  const isTold = ledger.before.some((credit) => !Number.isNaN(credit));
  const hasAccounts = isTold || state?.accounts !== undefined;
  if (!hasAccounts && ledger.payments === null) {
    gaps.push(
      'Neither accounts nor payments were read back: read them, as far as the target has them.',
    );
  }
  if (hasAccounts && ledger.before.some((credit, i) => Number.isNaN(credit - ledger.after[i]!))) {
    gaps.push(
      'Some accounts were not read both before and after, or were told in two ways: read each once.',
    );
  }
  if (
    intentsWhere(sale, (each) => spendingOf(evidence, { sale, ledger }, each) === null).length > 0
  ) {
    gaps.push(
      'What some purchases cost is not known: tell each pool’s price, or amounts in the history.',
    );
  }
  if (hasAccounts && ledger.ownerless.operations > 0) {
    gaps.push('Some purchases belong to no buyer of the plan: name a buyer for each intent.');
  }
  const nameless = ledger.namelessPayments;
  if (nameless > 0) {
    gaps.push(
      `${counted(nameless, 'payment')} name no intent of this run, or repeat: tell once whose each is.`,
    );
  }
  if (unaskedPayments(ledger).some(({ buyer }) => buyer === -1)) {
    gaps.push(
      'Money was taken for what was never sent, nobody knows whose: name a buyer for each intent.',
    );
  }
  if (state?.mayLag === true) {
    gaps.push('Money was read from a copy that may lag behind: read the shop’s own database.');
  }
  return gaps;
}

const words: Readonly<Record<Wrong, (wrong: WrongMoney) => string>> = {
  'below-zero': () => 'one has an account below zero',
  account: ({ taken, least, most }) =>
    `one account lost ${taken}, the buyer’s operations took ${span(least, most)}`,
  payments: ({ taken, least, most }) =>
    `one intent was charged ${taken}, its operations took ${span(least, most)}`,
  'unasked-payments': ({ taken }) => `one was charged ${taken} for what was never sent`,
  books: ({ taken, least }) => `one account lost ${taken}, its payments are ${least}`,
};

const span = (least: number, most: number) =>
  least === most ? `${least}` : `from ${least} to ${most}`;

function asViolation({ evidence, sale, ledger }: Books, wrong: readonly WrongMoney[]): Finding {
  const { how, buyer, intent, taken, least, most } = wrong[0]!;
  const intents = intent === -1 ? membersOf(ledger.intentsOfBuyer, buyer) : [intent];
  const known = (name: string, credit = Number.NaN) =>
    Number.isNaN(credit) ? {} : { [name]: credit };
  const subjects = new Set(
    wrong.map((each) => (each.buyer === -1 ? `i${each.intent}` : each.buyer)),
  );
  return violated('money-conservation', {
    count: subjects.size,
    summary: `The money of ${counted(subjects.size, 'buyer')} does not add up: ${words[how](wrong[0]!)}.`,
    witness: witnessOf(evidence, {
      operations: [...intents].flatMap((each) => [...membersOf(sale.operationsByIntent, each)]),
      rows: [...intents].flatMap((each) => [...membersOf(sale.rowsByIntent, each)]),
      figures: {
        ...(buyer === -1 ? {} : { buyer }),
        ...known('before', ledger.before[buyer]),
        ...known('after', ledger.after[buyer]),
        taken,
        least,
        most,
      },
    }),
  });
}

export const moneyConservation: Invariant = {
  id: 'money-conservation',
  statement: 'No money made or lost, buyer by buyer',
  isBeside: (evidence) =>
    hasMoney(evidence) ? null : 'No pool has a price, and no buyer an account.',
  decide,
};
