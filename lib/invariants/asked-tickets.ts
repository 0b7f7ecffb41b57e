import { MIXED, UNASKED } from '../history/attribution.ts';
import { FAIL, isAcquire, PAY, REFUSED } from '../history/history.ts';
import { ANYBODY, shopDoubtMs } from '../history/nameless-rows.ts';
import { ascending, columnOf, countUpTo } from '../history/sorted.ts';
import type { Evidence } from './invariant.ts';
import type { Sale } from './sale.ts';

/*
 * What was asked for by some moment, by pool and buyer: what too-many-rows.ts holds against rows that name no intent.
 */

/** What was asked for by some moment. */
export interface Asked {
  readonly requests: number;
  readonly tickets: number;
}

/** It asked for tickets: a purchase, a hold, or the payment for an order that nobody was seen to ask for. */
export function isAsking({ history }: Evidence, { wants }: Sale, i: number): boolean {
  if (isAcquire(history, i)) return true;
  const pool = wants.pool[history.intent[i]!]!;
  return history.kind[i] === PAY && (pool === UNASKED || pool === MIXED);
}

/** Of an intent that asked or paid: every attempt was refused or certainly failed. */
export function isRefused({ wants }: Sale, intent: number): boolean {
  const outcomes = wants.outcomes[intent]! | wants.pays[intent]!;
  return (outcomes & ~((1 << REFUSED) | (1 << FAIL))) === 0;
}

/** Tickets that intents of a buyer asked for in a pool and were refused, whenever. */
export function refusedTickets(
  evidence: Evidence,
  sale: Sale,
): (pool: number, buyer: number) => number {
  const { history } = evidence;
  const tickets = new Map<string, number>();
  for (let i = 0; i < history.length; i++) {
    const intent = history.intent[i]!;
    const buyer = sale.nameless.buyerOfIntent[intent]!;
    if (!isAsking(evidence, sale, i) || !isOnlyRefused(sale, intent)) continue;
    const key = `${sale.operationPool[i]} ${buyer}`;
    tickets.set(key, (tickets.get(key) ?? 0) + history.quantity[i]!);
  }
  return (pool, buyer) => tickets.get(`${pool} ${buyer}`) ?? 0;
}

/** One that asked for different things may have got another than it was refused. */
const isOnlyRefused = (sale: Sale, intent: number) =>
  isRefused(sale, intent) && sale.wants.pool[intent] !== MIXED;

/** By all, and by intents that bought or may have. */
export interface AskedOf {
  readonly all: Asked;
  readonly unrefused: Asked;
}

export type AskedBy = (pool: number, buyer: number, until: number) => AskedOf;

/** Requests in the order of their starts. */
interface Requests {
  readonly operations: number[];
  starts: Float64Array;
  tickets: Float64Array;
}

export function askedOf(evidence: Evidence, sale: Sale): AskedBy {
  const { history } = evidence;
  const { operationPool, nameless } = sale;
  const doubtMs = shopDoubtMs(evidence);
  const lists = new Map<string, Requests>();
  const add = (key: string, i: number) => {
    const list = lists.get(key) ?? { operations: [], ...NOTHING };
    list.operations.push(i);
    lists.set(key, list);
  };
  for (let i = 0; i < history.length; i++) {
    if (!isAsking(evidence, sale, i)) continue;
    const intent = history.intent[i]!;
    const buyer = nameless.buyerOfIntent[intent]!;
    const kinds = isOnlyRefused(sale, intent) ? ['all'] : ['all', 'unrefused'];
    for (const kind of kinds) {
      add(`${kind} ${operationPool[i]}`, i);
      if (nameless.byBuyer) add(`${kind} ${operationPool[i]} ${buyer}`, i);
    }
  }
  for (const list of lists.values()) inOrder(list, history);
  const upTo = (key: string, until: number): Asked => {
    const { starts, tickets } = lists.get(key) ?? NOTHING;
    const requests = countUpTo(starts, until + doubtMs);
    return { requests, tickets: tickets[requests] ?? 0 };
  };
  return (pool, buyer, until) => {
    const of = (kind: string) => {
      if (buyer === ANYBODY) return upTo(`${kind} ${pool}`, until);
      const own = upTo(`${kind} ${pool} ${buyer}`, until);
      const others = upTo(`${kind} ${pool} ${ANYBODY}`, until);
      return {
        requests: own.requests + others.requests,
        tickets: own.tickets + others.tickets,
      };
    };
    return { all: of('all'), unrefused: of('unrefused') };
  };
}

const NOTHING = { starts: new Float64Array(), tickets: new Float64Array(1) };

/** `tickets[k]`: asked for by the first k. */
function inOrder(list: Requests, { start, quantity }: Evidence['history']): void {
  const starts = columnOf(list.operations, (i) => start[i]!);
  const order = ascending(starts);
  list.starts = columnOf(order, (k) => starts[k]!);
  list.tickets = new Float64Array(order.length + 1);
  order.forEach((k, place) => {
    list.tickets[place + 1] = list.tickets[place]! + quantity[list.operations[k]!]!;
  });
}
