import { UNSENT } from '../history/attribution.ts';
import { membersOf } from '../history/grouping.ts';
import { OK } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import { exampleOf } from './by-intent.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { isPaid, keepsMoney, type Ledger, ledgerOf, takenFor } from './ledger.ts';
import { type Sale, saleOf } from './sale.ts';
import { mayKeepMoney, mayLackCancel } from './spending.ts';

/*
 * Claims: in the settled final state every sale is whole or is not at all: the buyer's money was taken if and only if the
 * order is paid, and an order that was acknowledged as paid is paid. Money is that of the intent's payments where they
 * are listed, else that of the account of a buyer who has no other intent.
 *
 * Cannot see: the stock of a single order, for shops tell it by pool (stock-conservation compares the pools' counters with
 * the rows); whether the amount is the right one (money-conservation); the orders of a buyer of several intents where
 * payments are not listed; a sale that was half done and put right before the read-back. Orders that may be held
 * without saying so are not judged, nor is money that may have been kept for a cancellation.
 *
 * Witness: the operations and rows of one intent, and what was taken for it.
 */
const words = {
  'paid-not-charged': 'order is paid and no money was taken for it',
  'charged-not-paid': 'buyer was charged and has no paid order',
  'acknowledged-not-paid': 'order was acknowledged as paid and is not',
  'given-back-twice': 'buyer was given more than was taken',
} as const;
type Torn = keyof typeof words;

interface Judged {
  readonly torn: readonly { readonly intent: number; readonly how: Torn; readonly taken: number }[];
  /** Intents of which both sides are known, and those that could not be compared. */
  readonly whole: readonly number[];
  readonly unsure: number;
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const { torn, whole, unsure } = judge(evidence, sale, ledgerOf(evidence));
  const figures = { compared: whole.length + torn.length, torn: torn.length };
  const [first] = torn;
  if (first !== undefined && sale.gaps.state.length === 0 && evidence.state?.mayLag !== true) {
    return violated('saga-atomicity', {
      count: torn.length,
      summary: `${torn.length} of ${counted(figures.compared, 'sale')} done by halves: one ${words[first.how]}.`,
      witness: witnessOf(evidence, {
        ...exampleOf(sale, first.intent),
        figures: { ...figures, taken: first.taken },
      }),
    });
  }
  return holdsUnless('saga-atomicity', {
    missing: [...sale.gaps.all, ...moneyGaps(evidence, unsure)],
    summary: `${counted(figures.compared, 'sale')} compared, ${torn.length} done by halves.`,
    witness: witnessOf(evidence, { ...exampleOf(sale, whole[0]), figures }),
  });
}

function judge(evidence: Evidence, sale: Sale, ledger: Ledger): Judged {
  const torn: Judged['torn'][number][] = [];
  const whole: number[] = [];
  let unsure = 0;
  // An order that bears no mark of an intent may be the one that was paid for.
  const nameless = sale.rows.some(({ intent }) => intent === null);
  // An order of an intent of which no request for tickets was recorded: it is not among the intent's rows.
  const isUnsent = new Uint8Array(sale.wants.length);
  sale.rowIntent.forEach((intent, row) => {
    if (intent === UNSENT) isUnsent[evidence.history.intents.find(sale.rows[row]!.intent!)] = 1;
  });
  for (let intent = 0; intent < sale.wants.length; intent++) {
    const isPaidFor = hasPaidTickets(sale, ledger, intent);
    const taken = takenFor(ledger, intent);
    if (isPaidFor === null || taken === null || isUnsent[intent] === 1) unsure++;
    else {
      const how = tornBy({ evidence, sale, ledger, intent, isPaidFor, taken });
      const mayBeRight =
        how === 'charged-not-paid' && (nameless || mayKeepMoney(evidence, sale, intent));
      if (how === 'unsure' || mayBeRight) unsure++;
      else if (how === null) whole.push(intent);
      else torn.push({ intent, how, taken });
    }
  }
  return { torn, whole, unsure };
}

/** Whether paid live rows of an intent have tickets; null where a live row does not say whether it is paid. */
function hasPaidTickets(sale: Sale, ledger: Ledger, intent: number): boolean | null {
  const { first, member } = sale.rowsByIntent;
  let isPaidFor = false;
  for (let at = first[intent]!; at < first[intent + 1]!; at++) {
    const row = member[at]!;
    const { status, state, quantity } = sale.rows[row]!;
    if (status === 'live' && state === undefined && ledger.paysInSteps) return null;
    if (isPaid(sale, ledger, row) && quantity > 0) isPaidFor = true;
  }
  return isPaidFor;
}

interface OneSale {
  readonly evidence: Evidence;
  readonly sale: Sale;
  readonly ledger: Ledger;
  readonly intent: number;
  readonly isPaidFor: boolean;
  readonly taken: number;
}

function tornBy(one: OneSale): Torn | 'unsure' | null {
  const { isPaidFor, taken } = one;
  if (taken < 0) return 'given-back-twice';
  if (!isPaidFor) {
    if (taken > 0) return 'charged-not-paid';
    return isAcknowledgedUnpaid(one) ? 'acknowledged-not-paid' : null;
  }
  if (taken > 0) return null;
  const isPriced = costsMoney(one);
  if (isPriced === null) return 'unsure';
  return isPriced ? 'paid-not-charged' : null;
}

/** Whether the tickets in paid rows of an intent cost anything; null where a pool does not tell. */
function costsMoney({ sale, ledger, intent }: OneSale): boolean | null {
  let isPriced = false;
  for (const row of membersOf(sale.rowsByIntent, intent)) {
    if (!isPaid(sale, ledger, row)) continue;
    const price = sale.pools[sale.rowPool[row]!]?.price;
    if (price === undefined) return null;
    if (price > 0 && sale.rows[row]!.quantity > 0) isPriced = true;
  }
  return isPriced;
}

/** The target said that it is paid and shows an order that says it is not; one that is gone is lost-purchase's case. */
function isAcknowledgedUnpaid({ evidence, sale, ledger, intent }: OneSale): boolean {
  const { cancels, pays, purchases } = sale.wants;
  const paying = pays[intent]! | (ledger.paysInSteps ? 0 : purchases[intent]!);
  if (cancels[intent] !== 0 || (paying & (1 << OK)) === 0) return false;
  if (mayLackCancel(evidence, sale, intent)) return false;
  return membersOf(sale.rowsByIntent, intent).some((row) =>
    ['none', 'held'].includes(sale.rows[row]!.state ?? ''),
  );
}

function moneyGaps(evidence: Evidence, unsure: number): readonly string[] {
  if (!keepsMoney(evidence)) {
    return [
      'Neither accounts nor payments were read back: read them, as far as the target has them.',
    ];
  }
  const gaps: string[] = [];
  if (unsure > 0) {
    gaps.push(
      `Of ${counted(unsure, 'intent')} either the order or the money is not known: list payments, or give each intent a ` +
        'buyer of its own; tell prices, and whether orders are paid.',
    );
  }
  if (evidence.state?.mayLag === true) {
    gaps.push('It was read from a copy that may lag behind: read the shop’s own database.');
  }
  return gaps;
}

export const sagaAtomicity: Invariant = {
  id: 'saga-atomicity',
  statement: 'A sale takes the money and makes the order, or neither',
  isBeside: (evidence) =>
    evidence.fixture.rules?.atomic === true || keepsMoney(evidence)
      ? null
      : 'No accounts and no payments are told, and nothing was promised about them.',
  decide,
};
