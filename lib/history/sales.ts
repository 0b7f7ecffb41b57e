import { CANCEL, FAIL, type History, isAcquire, OK, PAY, PURCHASE, REFUSED } from './history.ts';
import { passingInt32s } from './lasting.ts';

/** Operations that sold tickets, in columns, in the history's order; at most one an intent. */
export interface Sales {
  /** Numbers of the history. */
  readonly operation: Int32Array;
  /** Tickets of each. */
  readonly quantity: Int32Array;
}

const known = new WeakMap<History, Sales>();

/**
 * What was acknowledged for good: of each intent the first `ok` purchase, or where it has none the first `ok` payment,
 * unless a cancellation of it ended `ok` or `info`. A payment is for what the intent's holds asked for; for what it says
 * itself where the history has no hold of it. O(n).
 */
export function salesOf(history: History): Sales {
  const before = known.get(history);
  if (before !== undefined) return before;
  const firsts = firstSales(history);
  const operation = Int32Array.from([...firsts.operation].filter((i) => i >= 0)).sort();
  const quantity = operation.map((i) =>
    Math.max(history.quantity[i]!, history.kind[i] === PAY ? firsts.held[history.intent[i]!]! : 0),
  );
  const sales = { operation, quantity };
  known.set(history, sales);
  return sales;
}

/** By intent: the operation that sold, −1 where none did; and the most that a purchase or hold of it asked for. */
function firstSales(history: History) {
  const intents = history.intentKeys.length;
  const operation = passingInt32s(intents).fill(-1);
  const held = passingInt32s(intents);
  const isGivenBack = new Uint8Array(intents);
  for (let i = 0; i < history.length; i++) {
    const intent = history.intent[i]!;
    const kind = history.kind[i]!;
    const outcome = history.outcome[i]!;
    if (isAcquire(history, i)) held[intent] = Math.max(held[intent]!, history.quantity[i]!);
    if (kind === CANCEL && outcome !== REFUSED && outcome !== FAIL) isGivenBack[intent] = 1;
    if (outcome !== OK || (kind !== PURCHASE && kind !== PAY)) continue;
    const first = operation[intent]!;
    const isBetter = first === -1 || (kind === PURCHASE && history.kind[first] === PAY);
    if (isBetter) operation[intent] = i;
  }
  for (let intent = 0; intent < intents; intent++) {
    if (isGivenBack[intent] === 1) operation[intent] = -1;
  }
  return { operation, held };
}
