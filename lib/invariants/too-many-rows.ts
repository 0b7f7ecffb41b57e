import { INFO, isAcquire, OK, PAY } from '../history/history.ts';
import { ANYBODY, momentOf, shopDoubtMs } from '../history/nameless-rows.ts';
import { ascending } from '../history/sorted.ts';
import { type AskedBy, type AskedOf, askedOf, isAsking, refusedTickets } from './asked-tickets.ts';
import type { Evidence } from './invariant.ts';
import { type Sale, saleOf } from './sale.ts';

/*
 * Where rows name no intent, tickets that were asked for explain rows, whoever asked: a request may have left one row of
 * all its tickets, a row for each of them, or fewer. But rows made by some moment cannot hold more tickets than all
 * requests begun by then asked for. What is above that nobody asked for; be it a second order of one purchase, for without
 * keys nobody can say which of the two is the right one. Requests that were refused or failed are counted as asking too:
 * what rows hold above all *others* is theirs, as far as it goes, and refused-but-sold's case.
 *
 * Rows and requests are compared by pool and buyer; a request of nobody known may be any buyer's; and by pool alone. A
 * request explains all rows that were made after it began, even late ones: so only a row's moment counts, and the sets of
 * Hall's theorem are those that begin with the first row. Clocks may differ by the rules' `clockSkewMs` and the clock
 * error; a row without a date, or where no skew was told, may have been made after all requests. A cancelled row is no
 * ticket: shops that try again may leave many, and one only counts where nobody at all can have asked for it.
 */
export interface Surplus {
  readonly pool: number;
  /** Number of the buyer whose all the rows are, or {@link ANYBODY}. */
  readonly buyer: number;
  /** The moment by which the rows were made, on the target's clock; +∞ where it does not matter. */
  readonly until: number;
  /** By their places among the sale's rows. */
  readonly rows: readonly number[];
  /** The last moment of requests that are told, likewise. */
  readonly toldUntil: number;
  /** Tickets that live rows have and requests asked for, by then. */
  readonly tickets: number;
  readonly asked: number;
}

export interface Surpluses {
  /** How many tickets there are too many at least. */
  readonly count: number;
  /** The smallest set of rows found that shows it. */
  readonly surplus: Surplus;
}

/** Tickets, or orders that were cancelled, that nobody asked for; null where all can be explained. Needs a complete history. */
export function unaskedOf(evidence: Evidence): Surpluses | null {
  const { nameless, rows } = saleOf(evidence);
  if (evidence.fixture.exclusive !== true) return null;
  const isGone = (row: number) => rows[row]!.status === 'cancelled';
  if (nameless.unexplained.length === 0 && !nameless.places.some(isGone)) return null;
  return surplusesOf(evidence, () => ({
    allows: () => true,
    toldUntil: (until) => until,
    excess: ({ live, gone, all }) => (all.requests === 0 ? live + gone : live - all.tickets),
    asked: ({ all }) => all.tickets,
  }));
}

/**
 * Tickets that only refused or failed requests can explain; null where there are none. Needs a complete history. Where
 * rows name buyers, that is whatever one's others did not ask for, whenever it was made: a buyer who was refused owns it.
 * Else the refused request has to have begun before. What no request explains by some moment, none of them does either:
 * so the excess over what others asked for has to be above the largest that was over all requests until then. Then
 * leaving out the refused ones leaves more tickets unexplained.
 */
export function refusedOf(evidence: Evidence): Surpluses | null {
  const sale = saleOf(evidence);
  const { byBuyer, unexplained } = sale.nameless;
  if (unexplained.length === 0) return null;
  const refused = refusedTickets(evidence, sale);
  const others = evidence.fixture.exclusive === true ? null : mayHaveBought(evidence);
  return surplusesOf(evidence, () => {
    let unasked = 0;
    return {
      // Where rows name buyers, a refused request of one says nothing about rows of another.
      allows: (buyer) => !(byBuyer && buyer === ANYBODY) && others?.(buyer) !== true,
      toldUntil: (until) => (byBuyer ? Number.POSITIVE_INFINITY : until),
      excess: ({ pool, buyer, live, all, unrefused }) => {
        const asked = byBuyer ? unrefused.tickets + refused(pool, buyer) : all.tickets;
        unasked = Math.max(unasked, live - asked);
        return live - unrefused.tickets - unasked;
      },
      asked: ({ unrefused }) => unrefused.tickets,
    };
  });
}

interface Moment extends AskedOf {
  readonly pool: number;
  readonly buyer: number;
  /** Tickets in live rows, and cancelled rows, that were made by then. */
  readonly live: number;
  readonly gone: number;
}

/** Looks at the moments of one class, one after the other. */
interface Judge {
  readonly allows: (buyer: number) => boolean;
  /** Of rows made until then. */
  readonly toldUntil: (until: number) => number;
  readonly excess: (at: Moment) => number;
  readonly asked: (at: Moment) => number;
}

/** O(n log n). */
function surplusesOf(evidence: Evidence, newJudge: () => Judge): Surpluses | null {
  const sale = saleOf(evidence);
  if (hasRequestsElsewhere(evidence, sale)) return null;
  const askedBy = askedOf(evidence, sale);
  let [ofBuyers, ofAnybody] = [0, 0];
  let least: Surplus | null = null;
  for (const each of classesOf(sale)) {
    const judge = newJudge();
    if (!judge.allows(each.buyer)) continue;
    const found = surplusIn(evidence, sale, { of: each, judge, askedBy });
    if (found === null) continue;
    if (each.buyer === ANYBODY) ofAnybody += found.count;
    else ofBuyers += found.count;
    if (least === null || found.surplus.rows.length < least.rows.length) least = found.surplus;
  }
  return least === null ? null : { count: Math.max(ofBuyers, ofAnybody), surplus: least };
}

function surplusIn(
  evidence: Evidence,
  sale: Sale,
  how: { readonly of: Class; readonly judge: Judge; readonly askedBy: AskedBy },
): Surpluses | null {
  const { pool, buyer, rows } = how.of;
  const moments = Float64Array.from(rows, (row) => momentOf(evidence, sale.rows[row]!));
  const undated = [...rows.keys()].filter((i) => Number.isNaN(moments[i]!));
  let [live, gone, count] = [0, 0, 0];
  let first: { readonly until: number; readonly asked: number } | null = null;
  for (const i of [...ascending(moments), ...undated]) {
    const { status, quantity } = sale.rows[rows[i]!]!;
    if (status === 'live') live += quantity;
    else gone++;
    const until = Number.isNaN(moments[i]!) ? Number.POSITIVE_INFINITY : moments[i]!;
    const at = { pool, buyer, live, gone, ...how.askedBy(pool, buyer, until) };
    const excess = how.judge.excess(at);
    if (excess > 0) first ??= { until, asked: how.judge.asked(at) };
    count = Math.max(count, excess);
  }
  if (first === null) return null;
  const { until } = first;
  const isMade = (i: number) => until === Number.POSITIVE_INFINITY || moments[i]! <= until;
  const made = rows.filter((_, i) => isMade(i));
  return {
    count,
    surplus: {
      ...{ pool, buyer, ...first, rows: made, tickets: ticketsIn(sale, made) },
      toldUntil: how.judge.toldUntil(until),
    },
  };
}

/** Live ones. */
function ticketsIn({ rows }: Sale, places: readonly number[]): number {
  return places.reduce(
    (sum, row) => sum + (rows[row]!.status === 'live' ? rows[row]!.quantity : 0),
    0,
  );
}

/** A request for a pool that the fixture does not know may have been one for any. */
function hasRequestsElsewhere(evidence: Evidence, sale: Sale): boolean {
  const { outcome } = evidence.history;
  return sale.operationPool.some(
    (pool, i) =>
      pool < 0 && (outcome[i] === OK || outcome[i] === INFO) && isAcquire(evidence.history, i),
  );
}

interface Class {
  readonly pool: number;
  readonly buyer: number;
  readonly rows: number[];
}

/** Rows of each buyer and pool, and of each pool; those of pools that the fixture does not know are left out. */
function classesOf({ nameless, rowPool }: Sale): Iterable<Class> {
  const classes = new Map<string, Class>();
  const add = (pool: number, buyer: number, row: number) => {
    const known = classes.get(`${pool} ${buyer}`);
    if (known === undefined) classes.set(`${pool} ${buyer}`, { pool, buyer, rows: [row] });
    else known.rows.push(row);
  };
  nameless.places.forEach((row, i) => {
    const pool = rowPool[row]!;
    if (pool < 0) return;
    add(pool, ANYBODY, row);
    if (nameless.buyerOfPlace[i] !== ANYBODY) add(pool, nameless.buyerOfPlace[i]!, row);
  });
  return classes.values();
}

/**
 * All requests of the intents that may have made the rows, by number: what they asked for, and what became of it. For the
 * proof that no other asked.
 */
export function requestsBehind(evidence: Evidence, { pool, buyer, toldUntil }: Surplus): number[] {
  const { history } = evidence;
  const sale = saleOf(evidence);
  const latest = toldUntil + shopDoubtMs(evidence);
  const fits = (i: number) => {
    const owner = sale.nameless.buyerOfIntent[history.intent[i]!]!;
    return (
      sale.operationPool[i] === pool && (buyer === ANYBODY || owner === ANYBODY || owner === buyer)
    );
  };
  const asking = new Set<number>();
  for (let i = 0; i < history.length; i++) {
    if (fits(i) && history.start[i]! <= latest && isAsking(evidence, sale, i))
      asking.add(history.intent[i]!);
  }
  const behind: number[] = [];
  for (let i = 0; i < history.length; i++) {
    const isDeed = isAcquire(history, i) || history.kind[i] === PAY;
    if (isDeed && fits(i) && asking.has(history.intent[i]!)) behind.push(i);
  }
  return behind;
}

/** Whether intents of a buyer, or of nobody known, bought or may have, in whichever pool. */
function mayHaveBought(evidence: Evidence): (buyer: number) => boolean {
  const sale = saleOf(evidence);
  const bought = boughtBy(evidence, sale);
  return (buyer) => buyer === ANYBODY || bought.has(ANYBODY) || bought.has(buyer);
}

function boughtBy({ history }: Evidence, { nameless, wants }: Sale): Set<number> {
  const bought = new Set<number>();
  const may = (1 << OK) | (1 << INFO);
  for (let intent = 0; intent < history.intentKeys.length; intent++) {
    if (((wants.outcomes[intent]! | wants.pays[intent]!) & may) !== 0)
      bought.add(nameless.buyerOfIntent[intent]!);
  }
  return bought;
}
