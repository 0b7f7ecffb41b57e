import type { Money, Operation, Payment, Row } from './facts.ts';
import { readJson, required } from './files.ts';
import { type Certificate, paymentShape } from './read-certificate.ts';
import { anything, list, MANY, optional, pick, text, whole } from './shape.ts';

const SHOWN_MAX = 10;

/** What a run's files say of the money that a certificate is about; it has to be shown every operation of the history. */
export interface MoneyReader {
  /** The intent is the one, or one of the buyer, that it is about. */
  readonly isSubject: (intent: string | null) => boolean;
  readonly see: (operation: Operation) => void;
  /** With the subject's own operations, once all have been seen. */
  readonly sum: (own: readonly Operation[]) => Money;
}

interface Files {
  readonly keys: readonly string[];
  /** The first is the first key's, and so on. */
  readonly buyers: readonly { readonly id: string; readonly credit: number | null }[];
  readonly prices: ReadonlyMap<string, number | null>;
  readonly holdsArePromised: boolean;
  /** No rule says that a purchase takes the money, too. */
  readonly mayBePaidLater: boolean;
  readonly accounts: readonly { readonly buyer: string; readonly credit: number }[];
  readonly payments: readonly Payment[] | null;
}

/** `rows`: all that are not from before the run. */
export async function readMoney(
  folder: string,
  of: Certificate,
  rows: readonly Row[],
): Promise<MoneyReader> {
  const files = await readFiles(folder);
  const { keys, buyers } = files;
  const { intent } = of.about;
  const buyer = intent === null ? (of.money?.buyer ?? null) : buyerOf(files, intent);
  const ofBuyer = keys.filter((_, i) => buyer !== null && buyers[i]?.id === buyer);
  const subject = new Set(intent === null ? ofBuyer : [intent]);
  const owned = new Set(keys.slice(0, buyers.length));
  const heardOf = new Set(keys);
  // Without a promise that a purchase takes the money itself, an order that waits, or a payment that is missing, tells that
  // another request does.
  const mayWait = files.mayBePaidLater && !of.restsOn.history.complete;
  const isWaiting = files.mayBePaidLater && rows.some(({ state }) => state === 'held');
  let paysInSteps = files.holdsArePromised || mayWait || isWaiting;
  let ownerlessOperations = 0;
  return {
    isSubject: (each) => each !== null && subject.has(each),
    see: (operation) => {
      heardOf.add(operation.intent);
      const isRead = operation.state === 'held' && files.mayBePaidLater;
      if (operation.kind === 'pay' || operation.kind === 'hold' || isRead) paysInSteps = true;
      if (takes(operation) && !owned.has(operation.intent)) ownerlessOperations++;
    },
    sum: (operations) => {
      const keyed = withKeys(files.payments ?? [], rows);
      const own = keyed.filter(({ key }) => subject.has(key ?? '')).map(({ payment }) => payment);
      return {
        buyer,
        before: agreed(buyers.filter(({ id }) => id === buyer)),
        after: agreed(files.accounts.filter((each) => each.buyer === buyer)),
        intents: ofBuyer.length,
        prices: pricesOf(files, [
          ...operations,
          ...rows.filter((row) => subject.has(row.intent ?? '')),
        ]),
        paysInSteps,
        payments: files.payments && own,
        counts: {
          payments: own.length,
          namelessPayments:
            keyed.filter(({ key }) => key === null || !heardOf.has(key)).length +
            repeated(files.payments ?? []),
          ownerlessPayments: keyed.filter(({ key }) => key === null || !owned.has(key)).length,
          ownerlessOperations,
          namelessRows: rows.filter((row) => row.intent === null).length,
        },
      };
    },
  };
}

/** As a certificate shows it: all payments, or none where they are many. */
export function shownMoney(money: Money): Money {
  const { payments } = money;
  return { ...money, payments: payments && (payments.length > SHOWN_MAX ? [] : payments) };
}

const repeated = (payments: readonly Payment[]) =>
  payments.length - new Set(payments.map(({ id }) => id)).size;

const takes = ({ kind, outcome }: Operation) =>
  (kind === 'pay' || kind === 'purchase') && (outcome === 'ok' || outcome === 'info');

const buyerOf = ({ keys, buyers }: Files, intent: string) =>
  buyers[keys.lastIndexOf(intent)]?.id ?? null;

function withKeys(payments: readonly Payment[], rows: readonly Row[]) {
  const keyOfOrder = new Map(rows.map(({ id, intent }) => [id, intent]));
  return payments.map((payment) => {
    const { intent, order } = payment;
    const key = intent ?? (order === null ? null : (keyOfOrder.get(order) ?? null));
    return { payment, key };
  });
}

function pricesOf({ prices }: Files, named: readonly { readonly pool: string }[]) {
  const pools = [...new Set(named.map(({ pool }) => pool))].sort().slice(0, SHOWN_MAX);
  return pools.flatMap((pool) => {
    const price = prices.get(pool) ?? null;
    return price === null ? [] : [{ pool, price }];
  });
}

/** What all of them say; null where they say different things, or nothing. */
function agreed(told: readonly { readonly credit: number | null }[]): number | null {
  const known = new Set(told.map(({ credit }) => credit).filter((credit) => credit !== null));
  return known.size === 1 ? [...known][0]! : null;
}

async function readFiles(folder: string): Promise<Files> {
  const amount = whole(Number.MIN_SAFE_INTEGER);
  const name = text(200);
  const plan = await required(folder, 'intents.json');
  const fixture = await required(folder, 'fixture.json');
  const state = (await readJson(folder, 'state.json')) ?? {};
  const intents = pick(plan, 'intents.json', 'intents', list(MANY, anything));
  const buyers = pick(fixture, 'fixture.json', 'buyers', list(MANY, anything));
  const pools = pick(fixture, 'fixture.json', 'pools', list(MANY, anything));
  const before = new Set(pick(fixture, 'fixture.json', 'baselineOrders', list(MANY, name)));
  const { rules } = fixture as { rules?: { holdMs?: unknown; atomic?: unknown } };
  const told = state as { accounts?: unknown; payments?: unknown };
  const accounts = optional(list(MANY, anything), [])(told.accounts, 'accounts');
  const payments = optional<readonly Payment[] | null>(list(MANY, paymentShape), null)(
    told.payments,
    'payments',
  );
  const prices = pools.map((pool) => [
    pick(pool, 'a pool', 'id', name),
    optional<number | null>(whole(0), null)((pool as { price?: unknown }).price, 'a price'),
  ]) as [string, number | null][];
  return {
    keys: intents.map((intent) => pick(intent, 'an intent', 'key', name)),
    buyers: buyers.map((buyer) => ({
      id: pick(buyer, 'a buyer', 'id', name),
      credit: optional<number | null>(amount, null)(
        (buyer as { credit?: unknown }).credit,
        'credit',
      ),
    })),
    // Of pools that are named twice the first counts.
    prices: new Map(prices.reverse()),
    holdsArePromised: rules?.holdMs !== undefined,
    mayBePaidLater: rules?.atomic !== true,
    accounts: accounts.map((account) => ({
      buyer: pick(account, 'an account', 'buyer', name),
      credit: pick(account, 'an account', 'credit', amount),
    })),
    payments: payments?.filter(({ order }) => order === null || !before.has(order)) ?? null,
  };
}
