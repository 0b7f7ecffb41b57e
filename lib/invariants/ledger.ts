import { STRANGER, UNPLANNED, UNSENT } from '../history/attribution.ts';
import { type Grouping, grouped } from '../history/grouping.ts';
import { type History, HOLD, INFO, OK, ORDER_STATE, PAY, PURCHASE } from '../history/history.ts';
import { lastingFloats, lastingInt32s } from '../history/lasting.ts';
import { TextTable } from '../history/text-table.ts';
import type { PaymentRow } from '../model/state.ts';
import { buyersOf } from './buyers.ts';
import type { Evidence } from './invariant.ts';
import { type Sale, saleOf } from './sale.ts';

/** Who has which account and whose every payment is: what all claims about money start from. Buyers by number. */
export interface Ledger {
  /** Ids in the fixture's order, each once. */
  readonly buyers: readonly string[];
  /** Credit at the first reading and in the final state; NaN where it was not told, or told in two ways. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** The buyer of each intent of the history, −1 where the plan does not name one. */
  readonly buyerOfIntent: Int32Array;
  readonly intentsOfBuyer: Grouping;
  /** How many intents the plan has for each buyer, sent or not. */
  readonly planned: Int32Array;
  /** Without those of orders from before the run; null where the target does not list them. */
  readonly payments: readonly PaymentRow[] | null;
  /** The intent of each payment, or `UNSENT`, `UNPLANNED`, `STRANGER` as for rows. */
  readonly paymentIntent: Int32Array;
  /** The amount of each payment with its sign: what the buyer pays is positive. */
  readonly paymentNet: Float64Array;
  /** What the payments of each intent of the history come to, refunds taken off. */
  readonly paidByIntent: Float64Array;
  /** What each names, or its order's row; null where neither names an intent. */
  readonly paymentKey: readonly (string | null)[];
  /** The buyer of each payment, −1 where nobody can tell. */
  readonly paymentBuyer: Int32Array;
  /** Payments that no intent of the plan explains, or whose id another has too: nobody knows whose, or how many. */
  readonly namelessPayments: number;
  /**
   * Payments whose buyer nobody knows; purchases and payments (`ok` or `info`) of intents without one; and whether it may
   * have been anybody's account that such an operation took money from, recorded or not.
   */
  readonly ownerless: {
    readonly payments: number;
    readonly operations: number;
    readonly mayBeAnybodys: boolean;
  };
  /** Whether orders may be paid in a step of their own: then a purchase or a live row alone says nothing about money. */
  readonly paysInSteps: boolean;
}

const ledgers = new WeakMap<Evidence, Ledger>();

/** Pure; O(operations + rows + payments + planned intents). */
export function ledgerOf(evidence: Evidence): Ledger {
  const known = ledgers.get(evidence);
  if (known !== undefined) return known;
  const { history } = evidence;
  const { ids, ofIntent, unnamed } = buyersOf(evidence);
  const payments = paymentsOf(evidence);
  const operations = ownerlessCharges(history, ofIntent);
  const ledger: Ledger = {
    ...accountsOf(evidence),
    ...payments,
    buyers: ids,
    buyerOfIntent: ofIntent,
    planned: plannedOf(evidence),
    intentsOfBuyer: grouped(ofIntent, ids.length),
    namelessPayments:
      payments.paymentIntent.reduce((n, intent) => n + (intent < UNSENT ? 1 : 0), 0) +
      repeated(payments.payments ?? []),
    ownerless: {
      payments: payments.paymentBuyer.reduce((n, buyer) => n + (buyer === -1 ? 1 : 0), 0),
      operations,
      mayBeAnybodys: operations > 0 || (unnamed > 0 && !evidence.historyComplete),
    },
    paysInSteps: paysInSteps(evidence),
  };
  ledgers.set(evidence, ledger);
  return ledger;
}

/**
 * Somebody paid or held, or might have. Unless the rules promise that a purchase takes the money itself, it need not where an
 * order was seen to wait for its payment, or where the history lacks requests.
 */
function paysInSteps(evidence: Evidence): boolean {
  const { history, historyComplete, fixture } = evidence;
  const { holdMs, atomic } = fixture.rules ?? {};
  if (holdMs !== undefined || history.kind.includes(PAY) || history.kind.includes(HOLD))
    return true;
  if (atomic === true) return false;
  const { rows } = saleOf(evidence);
  const isWaiting = rows.some(({ state }) => state === 'held');
  return (
    !historyComplete || isWaiting || history.details?.state.includes(ORDER_STATE.held) === true
  );
}

function repeated(payments: readonly PaymentRow[]): number {
  const ids = new TextTable(payments.length);
  for (const { id } of payments) ids.add(id);
  return payments.length - ids.texts.length;
}

function ownerlessCharges(history: History, buyerOfIntent: Int32Array): number {
  let count = 0;
  for (let i = 0; i < history.length; i++) {
    if (buyerOfIntent[history.intent[i]!] === -1 && mayCharge(history, i)) count++;
  }
  return count;
}

/** A purchase or payment that took money or may have. */
export function mayCharge({ kind, outcome }: History, i: number): boolean {
  if (outcome[i] !== OK && outcome[i] !== INFO) return false;
  return kind[i] === PURCHASE || kind[i] === PAY;
}

/** Whether the sale has anything to do with money, as far as anybody said. */
export function hasMoney({ fixture, state, history }: Evidence): boolean {
  return (
    keepsMoney({ fixture, state }) ||
    fixture.pools.some(({ price }) => (price ?? 0) > 0) ||
    (history.details?.amount.some((amount) => amount > 0) ?? false)
  );
}

/** Whether the target keeps accounts or lists payments. */
export function keepsMoney({ fixture, state }: Pick<Evidence, 'fixture' | 'state'>): boolean {
  return (
    fixture.buyers.some(({ credit }) => credit !== undefined) ||
    state?.accounts !== undefined ||
    state?.payments !== undefined
  );
}

function accountsOf(evidence: Evidence) {
  const { fixture, state } = evidence;
  const { ids, numberOf, ofPlace } = buyersOf(evidence);
  const before = new Credits(ids.length);
  fixture.buyers.forEach(({ credit }, place) => {
    before.tell(ofPlace[place]!, credit);
  });
  const after = new Credits(ids.length);
  let next = 0;
  for (const { buyer: id, credit } of state?.accounts ?? []) {
    // Mostly accounts come in the buyers' order, and looking is quicker than looking up.
    const buyer = ids[next] === id ? next : numberOf(id);
    after.tell(buyer, credit);
    next = buyer + 1;
  }
  return { before: before.build(), after: after.build() };
}

/** The credit of each buyer as far as it was told, and told in one way. */
class Credits {
  readonly #credits: Float64Array;
  readonly #contradicted = new Set<number>();

  constructor(buyers: number) {
    this.#credits = lastingFloats(buyers).fill(Number.NaN);
  }

  /** Of buyer −1, whom nobody knows, an array of numbers keeps nothing. */
  tell(buyer: number, credit: number | undefined): void {
    if (credit === undefined) return;
    const known = this.#credits[buyer]!;
    if (!Number.isNaN(known) && known !== credit) this.#contradicted.add(buyer);
    this.#credits[buyer] = credit;
  }

  build(): Float64Array {
    for (const buyer of this.#contradicted) this.#credits[buyer] = Number.NaN;
    return this.#credits;
  }
}

function plannedOf(evidence: Evidence): Int32Array {
  const { ids, ofPlace } = buyersOf(evidence);
  const planned = lastingInt32s(ids.length);
  const named = ofPlace.subarray(0, evidence.intents.intents.length);
  named.forEach((buyer) => {
    planned[buyer]!++;
  });
  return planned;
}

function paymentsOf(evidence: Evidence) {
  const { ofIntent, ofUnsent } = buyersOf(evidence);
  const { history, state } = evidence;
  const payments = state?.payments === undefined ? null : withoutBaseline(evidence, state.payments);
  const length = payments?.length ?? 0;
  const paymentIntent = lastingInt32s(length);
  const paymentBuyer = lastingInt32s(length);
  const paymentNet = lastingFloats(length);
  const keyOf = keyOfOrder(evidence);
  const paymentKey: (string | null)[] = [];
  const paidByIntent = lastingFloats(ofIntent.length);
  const isPlanned = isPlannedIn(evidence);
  payments?.forEach(({ intent: named, order, amount, status }, i) => {
    const key = named ?? keyOf(order);
    paymentKey.push(key);
    const intent = key === null ? -1 : history.intents.find(key);
    const net = status === 'charged' ? amount : -amount;
    paymentNet[i] = net;
    if (intent !== -1) {
      paymentIntent[i] = intent;
      paymentBuyer[i] = ofIntent[intent]!;
      paidByIntent[intent]! += net;
    } else {
      paymentIntent[i] = key === null ? STRANGER : isPlanned(key) ? UNSENT : UNPLANNED;
      paymentBuyer[i] = ofUnsent.get(key ?? '') ?? -1;
    }
  });
  return { payments, paymentIntent, paymentBuyer, paymentNet, paymentKey, paidByIntent };
}

/** Payments for what was ordered before the run are not the run's business. */
function withoutBaseline(
  { fixture }: Evidence,
  payments: readonly PaymentRow[],
): readonly PaymentRow[] {
  const baseline = new Set<string | null>(fixture.baselineOrders);
  if (baseline.size === 0) return payments;
  return payments.filter(({ order }) => !baseline.has(order));
}

/** The intent that an order's row names, by the order's id. */
function keyOfOrder(evidence: Evidence): (order: string | null) => string | null {
  let keys: Map<string, string | null> | null = null;
  return (order) => {
    if (order === null) return null;
    keys ??= new Map(saleOf(evidence).rows.map(({ id, intent }) => [id, intent]));
    return keys.get(order) ?? null;
  };
}

function isPlannedIn({ intents }: Evidence): (key: string) => boolean {
  let keys: Set<string> | null = null;
  return (key) => {
    keys ??= new Set(intents.intents.map((intent) => intent.key));
    return keys.has(key);
  };
}

/** Live tickets of an order that is paid for; a row that does not say is paid where orders are not paid in steps. */
export function isPaid(sale: Sale, ledger: Ledger, row: number): boolean {
  const { status, state } = sale.rows[row]!;
  return status === 'live' && (state === undefined ? !ledger.paysInSteps : state === 'paid');
}

/** Money taken for an intent of the history and not given back; null where nobody can tell it from that for others. */
export function takenFor(ledger: Ledger, intent: number): number | null {
  if (ledger.payments !== null) {
    return ledger.namelessPayments > 0 ? null : ledger.paidByIntent[intent]!;
  }
  const buyer = ledger.buyerOfIntent[intent]!;
  if (ledger.planned[buyer] !== 1 || ledger.ownerless.mayBeAnybodys) return null;
  const taken = ledger.before[buyer]! - ledger.after[buyer]!;
  return Number.isNaN(taken) ? null : taken;
}
