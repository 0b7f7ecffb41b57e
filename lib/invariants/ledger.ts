import { STRANGER, UNPLANNED, UNSENT } from '../history/attribution.ts';
import { type Grouping, grouped, membersOf } from '../history/grouping.ts';
import { type History, HOLD, INFO, OK, PAY, PURCHASE } from '../history/history.ts';
import { TextTable } from '../history/text-table.ts';
import type { PaymentRow } from '../model/state.ts';
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
  readonly paymentsByIntent: Grouping;
  /** What each names, or its order's row; null where neither names an intent. */
  readonly paymentKey: readonly (string | null)[];
  /** The buyer of each payment, −1 where nobody can tell. */
  readonly paymentBuyer: Int32Array;
  /** Payments that no intent of the plan explains, or whose id another has too: nobody knows whose, or how many. */
  readonly namelessPayments: number;
  /** Payments whose buyer nobody knows, and purchases and payments (`ok` or `info`) of intents without one. */
  readonly ownerless: { readonly payments: number; readonly operations: number };
  /** Whether orders may be paid in a step of their own: then a purchase or a live row alone says nothing about money. */
  readonly paysInSteps: boolean;
}

const ledgers = new WeakMap<Evidence, Ledger>();

/** Pure; O(operations + rows + payments + planned intents). */
export function ledgerOf(evidence: Evidence): Ledger {
  const known = ledgers.get(evidence);
  if (known !== undefined) return known;
  const { history, fixture } = evidence;
  const accounts = accountsOf(evidence);
  const plan = planned(evidence, accounts.numberOf);
  const payments = paymentsOf(evidence, plan.buyerOfKey);
  const ledger: Ledger = {
    ...accounts,
    ...plan,
    ...payments,
    intentsOfBuyer: grouped(plan.buyerOfIntent, accounts.buyers.length),
    namelessPayments:
      payments.paymentIntent.reduce((n, intent) => n + (intent < UNSENT ? 1 : 0), 0) +
      repeated(payments.payments ?? []),
    ownerless: {
      payments: payments.paymentBuyer.reduce((n, buyer) => n + (buyer === -1 ? 1 : 0), 0),
      operations: ownerlessCharges(history, plan.buyerOfIntent),
    },
    paymentsByIntent: grouped(payments.paymentIntent, history.intentKeys.length),
    paysInSteps:
      history.kind.includes(PAY) ||
      history.kind.includes(HOLD) ||
      fixture.rules?.holdMs !== undefined,
  };
  ledgers.set(evidence, ledger);
  return ledger;
}

function repeated(payments: readonly PaymentRow[]): number {
  return payments.length - new Set(payments.map(({ id }) => id)).size;
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

/** An amount with its sign: what the buyer pays is positive. */
export function netOf({ amount, status }: PaymentRow): number {
  return status === 'charged' ? amount : -amount;
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

function accountsOf({ fixture, state }: Evidence) {
  const table = new TextTable();
  for (const { id } of fixture.buyers) table.add(id);
  const told = (
    entries: readonly { readonly id: string; readonly credit?: number | undefined }[],
  ) => {
    const credits = new Float64Array(table.texts.length).fill(Number.NaN);
    const contradicted = new Uint8Array(table.texts.length);
    for (const { id, credit } of entries) {
      const buyer = table.find(id);
      if (buyer === -1 || credit === undefined) continue;
      if (!Number.isNaN(credits[buyer]!) && credits[buyer] !== credit) contradicted[buyer] = 1;
      credits[buyer] = credit;
    }
    return credits.map((credit, buyer) => (contradicted[buyer] === 1 ? Number.NaN : credit));
  };
  return {
    buyers: table.texts,
    before: told(fixture.buyers),
    after: told((state?.accounts ?? []).map(({ buyer, credit }) => ({ id: buyer, credit }))),
    numberOf: (id: string) => table.find(id),
  };
}

function planned({ history, fixture, intents }: Evidence, numberOf: (id: string) => number) {
  const buyerOfIntent = new Int32Array(history.intentKeys.length).fill(-1);
  const count = new Int32Array(fixture.buyers.length);
  const unsent = new Map<string, number>();
  intents.intents.forEach(({ key }, i) => {
    const id = fixture.buyers[i]?.id;
    if (id === undefined) return;
    const buyer = numberOf(id);
    count[buyer]!++;
    const intent = history.intents.find(key);
    if (intent === -1) unsent.set(key, buyer);
    else buyerOfIntent[intent] = buyer;
  });
  const buyerOfKey = (key: string) => {
    const intent = history.intents.find(key);
    return intent === -1 ? (unsent.get(key) ?? -1) : buyerOfIntent[intent]!;
  };
  return { buyerOfIntent, planned: count, buyerOfKey };
}

function paymentsOf(evidence: Evidence, buyerOfKey: (key: string) => number) {
  const { history, fixture, intents, state } = evidence;
  if (state?.payments === undefined) {
    const none = new Int32Array(0);
    return { payments: null, paymentIntent: none, paymentBuyer: none, paymentKey: [] };
  }
  const sale = saleOf(evidence);
  const baseline = new Set(fixture.baselineOrders);
  const payments = state.payments.filter(({ order }) => order === null || !baseline.has(order));
  const keyOfOrder = new Map(sale.rows.map(({ id, intent }) => [id, intent]));
  const keys = payments.map(
    ({ intent, order }) => intent ?? (order === null ? null : (keyOfOrder.get(order) ?? null)),
  );
  const plannedKeys = new Set(intents.intents.map(({ key }) => key));
  return {
    payments,
    paymentKey: keys,
    paymentIntent: Int32Array.from(keys, (key) => intentOfKey(history, plannedKeys, key)),
    paymentBuyer: Int32Array.from(keys, (key) => (key === null ? -1 : buyerOfKey(key))),
  };
}

function intentOfKey(history: History, planned: ReadonlySet<string>, key: string | null): number {
  if (key === null) return STRANGER;
  const intent = history.intents.find(key);
  if (intent !== -1) return intent;
  return planned.has(key) ? UNSENT : UNPLANNED;
}

/** Live tickets of an order that is paid for; a row that does not say is paid where orders are not paid in steps. */
export function isPaid(sale: Sale, ledger: Ledger, row: number): boolean {
  const { status, state } = sale.rows[row]!;
  return status === 'live' && (state === undefined ? !ledger.paysInSteps : state === 'paid');
}

/** Money taken for an intent of the history and not given back; null where nobody can tell it from that for others. */
export function takenFor(ledger: Ledger, intent: number): number | null {
  if (ledger.payments !== null) {
    if (ledger.namelessPayments > 0) return null;
    const members = membersOf(ledger.paymentsByIntent, intent);
    return members.reduce((sum, i) => sum + netOf(ledger.payments![i]!), 0);
  }
  const buyer = ledger.buyerOfIntent[intent]!;
  if (buyer === -1 || ledger.planned[buyer] !== 1) return null;
  const taken = ledger.before[buyer]! - ledger.after[buyer]!;
  return Number.isNaN(taken) ? null : taken;
}
