import {
  type Facts,
  isAsking,
  isLive,
  type Money,
  mayHaveHappened,
  type Operation,
  type Row,
} from '../facts.ts';

/**
 * What a correct shop can have taken: any of `amounts`, and up to `more` above it. Found by trying every number of charges
 * that the replies leave open.
 */
export interface Possible {
  readonly amounts: ReadonlySet<number>;
  readonly more: number;
}

/** Beyond so many different amounts nobody tries them all. */
const AMOUNTS_MAX = 100_000;

export const couldBe = ({ amounts, more }: Possible, taken: number): boolean =>
  [...amounts].some((amount) => amount <= taken && taken <= amount + more);

/** For all of these intents together; null where it cannot be told. */
export function possibleOf(facts: Facts, intents: Iterable<string>): Possible | null {
  let sum: Possible = { amounts: new Set([0]), more: 0 };
  for (const intent of intents) {
    const own = possibleOfIntent(facts, intent);
    if (own === null) return null;
    const amounts = new Set<number>();
    for (const a of sum.amounts) for (const b of own.amounts) amounts.add(a + b);
    if (amounts.size > AMOUNTS_MAX) return null;
    sum = { amounts, more: sum.more + own.more };
  }
  return sum;
}

function possibleOfIntent(facts: Facts, intent: string): Possible | null {
  if (facts.mixed === null || facts.mixed.has(intent)) return null;
  const own = facts.operations.filter((each) => each.intent === intent);
  const operations = own.filter(mayHaveHappened);
  const rows = facts.rows.filter((row) => row.intent === intent);
  const kind = (name: string) => operations.filter((each) => each.kind === name);
  const paid = charges(facts, kind('pay'));
  const bought = charges(facts, kind('purchase'));
  if (paid === null || bought === null) return null;
  const amounts = new Set<number>();
  for (const a of paid) {
    for (const b of purchasesCount(facts.money!, operations, rows) ? bought : [0])
      amounts.add(a + b);
    if (mayLeaveItOpen(facts.money!, operations, rows)) amounts.add(a);
  }
  return afterRefunds(facts, { operations, asking: own.filter(isAsking), rows, amounts });
}

/** Every sum that attempts of one kind can have taken. */
function charges(facts: Facts, attempts: readonly Operation[]): number[] | null {
  if (attempts.length === 0) return [0];
  const each = priceTold(facts, attempts);
  if (each === null) return null;
  const answered = attempts.some(({ outcome }) => outcome === 'ok');
  const most = recognisesKeys(facts) ? 1 : attempts.length;
  const counts = Array.from({ length: most + 1 }, (_, n) => n);
  return counts.filter((n) => n > 0 || !answered).map((n) => n * each);
}

export function recognisesKeys({ restsOn }: Facts): boolean {
  return /^(replay|replay-final|conflict)$/.test(restsOn.fixture.rules?.idempotency ?? '');
}

/**
 * What one attempt of an intent takes: what an acknowledged one says, or one that was cut off, else the price of the
 * tickets that the intent asked for; null where they differ or nobody says.
 */
export function priceTold(
  { money, operations }: Facts,
  attempts: readonly Operation[],
): number | null {
  const telling = attempts.filter(
    ({ outcome, amount }) => outcome === 'ok' || amount !== undefined,
  );
  const told = new Set(telling.map(({ amount }) => amount));
  if (told.size > 1) return null;
  const [amount] = told;
  if (amount !== undefined) return amount;
  const [first] = attempts;
  const asked = operations.filter((each) => isAsking(each) && each.intent === first?.intent);
  const quantities = new Set(asked.map(({ quantity }) => quantity));
  const [quantity] = quantities;
  const price = money!.prices.find(({ pool }) => pool === first?.pool)?.price;
  return price === undefined || quantity === undefined || quantities.size > 1
    ? null
    : price * quantity;
}

const saysAmount = (operations: readonly Operation[]) =>
  operations.some(({ kind, amount }) => kind === 'purchase' && amount !== undefined);

/** A purchase takes the money itself, unless a payment of the same order does. */
function purchasesCount(
  money: Money,
  operations: readonly Operation[],
  rows: readonly Row[],
): boolean {
  const pays = operations.some(({ kind }) => kind === 'pay');
  return !pays || !waits(money, rows) || saysAmount(operations);
}

function mayLeaveItOpen(
  money: Money,
  operations: readonly Operation[],
  rows: readonly Row[],
): boolean {
  return waits(money, rows) && !saysAmount(operations);
}

const waits = (money: Money, rows: readonly Row[]) =>
  money.paysInSteps || rows.some(({ state }) => state === 'held');

/** It has fewer live tickets than were asked for. */
function lacksTickets({
  asking: [first],
  rows,
}: {
  asking: readonly Operation[];
  rows: readonly Row[];
}) {
  if (first === undefined) return false;
  const live = rows.filter((row) => isLive(row) && row.pool === first.pool);
  return live.reduce((sum, { quantity }) => sum + quantity, 0) < first.quantity;
}

function afterRefunds(
  { clockErrorMs, restsOn }: Facts,
  of: {
    readonly operations: readonly Operation[];
    readonly asking: readonly Operation[];
    readonly rows: readonly Row[];
    readonly amounts: ReadonlySet<number>;
  },
): Possible {
  const { operations, rows, amounts } = of;
  const most = Math.max(...amounts);
  const anything = { amounts: new Set([0]), more: most };
  const back = operations.filter(({ kind }) => kind === 'cancel');
  if (back.length === 0) {
    const isForgotten = restsOn.state?.keepsCancelled === false && lacksTickets(of);
    return rows.some((row) => !isLive(row)) || isForgotten ? anything : { amounts, more: 0 };
  }
  const taking = operations.filter(({ kind }) => kind === 'pay' || kind === 'purchase');
  const isPlain =
    amounts.size === 1 &&
    back.every(
      ({ outcome, start }) =>
        outcome === 'ok' && taking.every(({ end }) => end < start - 2 * clockErrorMs),
    );
  const refunds = new Set(back.map(({ amount }) => amount ?? most));
  if (!isPlain || refunds.size > 1) return anything;
  return { amounts: new Set([most - [...refunds][0]!]), more: 0 };
}
