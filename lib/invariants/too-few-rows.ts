import { addTo, membersOf } from '../history/grouping.ts';
import { CANCEL, INFO, isAcquire, PAY } from '../history/history.ts';
import { type Claimant, matchRows } from '../history/matching.ts';
import { ANYBODY, momentOf, shopDoubtMs } from '../history/nameless-rows.ts';
import { ascending, columnOf, countBefore } from '../history/sorted.ts';
import type { Evidence } from './invariant.ts';
import { type Sale, saleOf } from './sale.ts';

/*
 * Where rows name no intent, each belongs to one purchase at most, and nobody knows to which. A purchase is lost for
 * certain where however the rows are given out some acknowledged purchase gets none. By Hall's theorem (P. Hall, 1935)
 * that is so if and only if some purchases have fewer rows that can be theirs than they are, and such a set is the
 * evidence: in plain cases one purchase and no row, or k purchases and k − 1 rows.
 *
 * A row can be of a purchase if it is of its pool, names its buyer (or the listing names nobody, or nobody knows whose the
 * intent is), and was made within the time from the intent's first request to the end of its last, or after that too if
 * one was cut off; clocks may differ by the rules' `clockSkewMs` and the clock error, and a row without a date, or where
 * no skew was told, may have been made at any time. Its quantity does not matter: fewer tickets are partial-purchase's
 * case, more are duplicate-effect's, and rows may be single tickets. Neither does it matter whether it was cancelled. A
 * row of a pool that the fixture does not know, or that names nobody where others name buyers, may be anybody's, so nothing
 * is certain beside one.
 *
 * Within one class, which is a pool and a buyer, or a pool alone where a purchase is of nobody known, windows and moments
 * are matched exactly by earliest deadline (lib/history/matching.ts).
 */
export interface Loss {
  readonly pool: number;
  /** Number of the buyer of all the purchases, or {@link ANYBODY}. */
  readonly buyer: number;
  /** More than `rows`. */
  readonly intents: readonly number[];
  /** All that can be of any of the intents, by their places among the sale's rows. */
  readonly rows: readonly number[];
  /** All intents of the class within [from, to], on the history's clock; null where it is just these. */
  readonly within: { readonly from: number; readonly to: number } | null;
}

export interface Losses {
  /** How many purchases are lost for certain at least; 0 where rows may make up for all that are lacking. */
  readonly count: number;
  /** The smallest set found that shows it; null where other rows may make up for it, or no set can be told. */
  readonly loss: Loss | null;
}

/** Most operations that a set can have to be told one by one. */
const TOLD_MAX = 10;
/** Most sets looked at for the smallest. */
const SETS_MAX = 100;

interface Class {
  readonly pool: number;
  readonly buyer: number;
  readonly intents: number[];
  readonly rows: readonly number[];
}

/**
 * What is lacking of the rows of intents that were acknowledged for good, null where nothing is. For a final state that can
 * be relied on, does not lag and keeps cancelled orders. Pure; O(n log n).
 */
export function lossesOf(evidence: Evidence, acknowledged: readonly number[]): Losses | null {
  const sale = saleOf(evidence);
  const needy = acknowledged.filter((intent) => !hasRow(sale, intent));
  const spans = spansOf(evidence);
  const isCertainFor = certainty(evidence, sale);
  let [ofBuyers, ofAnybody] = [0, 0];
  let isShort = false;
  let least: Loss | null = null;
  for (const each of classesOf(sale, needy)) {
    const { uncovered, loss } = lossIn(evidence, sale, { of: each, spans });
    if (uncovered > 0) isShort = true;
    if (!isCertainFor(each.buyer)) continue;
    if (each.buyer === ANYBODY) ofAnybody += uncovered;
    else ofBuyers += uncovered;
    if (loss !== null && (least === null || sizeOf(loss) < sizeOf(least))) least = loss;
  }
  return isShort ? { count: Math.max(ofBuyers, ofAnybody), loss: least } : null;
}

/**
 * Whether no other row can be of a buyer's purchases. Nothing is certain beside a row of a pool that the fixture does not
 * know or, where others name buyers, one that names nobody. Who nobody knows may own rows of buyers whom nobody knows, and
 * rows that a listing of the run's buyers leaves out.
 */
function certainty({ state }: Evidence, sale: Sale): (buyer: number) => boolean {
  const { nameless, rows, rowPool } = sale;
  const others = rows.filter(({ intent }) => intent === null).length - nameless.count;
  if (
    nameless.places.some((row) => rowPool[row]! < 0) ||
    (others > 0 && rows.some(({ intent, buyer }) => intent === null && buyer === ''))
  )
    return () => false;
  const isAll = others === 0 && state?.exhaustive === true;
  return (buyer) => buyer !== ANYBODY || isAll;
}

const sizeOf = ({ intents, rows }: Pick<Loss, 'intents' | 'rows'>) => intents.length + rows.length;

/** A row names the intent and is what was bought, or was cancelled. */
function hasRow(sale: Sale, intent: number): boolean {
  return membersOf(sale.rowsByIntent, intent).some((row) => {
    const { status, quantity } = sale.rows[row]!;
    return (
      status === 'cancelled' || (quantity > 0 && sale.rowPool[row] === sale.wants.pool[intent])
    );
  });
}

/** Who nobody knows may own any row of the pool. */
function classesOf(sale: Sale, needy: readonly number[]): Iterable<Class> {
  const { nameless, wants, rowPool } = sale;
  const rowsOf = new Map<string, number[]>();
  const classes = new Map<string, Class>();
  nameless.places.forEach((row, i) => {
    if (sale.rows[row]!.status === 'live' && sale.rows[row]!.quantity === 0) return;
    const buyer = nameless.buyerOfPlace[i]!;
    addTo(rowsOf, `${rowPool[row]} ${ANYBODY}`, row);
    if (buyer !== ANYBODY) addTo(rowsOf, `${rowPool[row]} ${buyer}`, row);
  });
  const join = (buyer: number, intent: number) => {
    const pool = wants.pool[intent]!;
    const key = `${pool} ${buyer}`;
    const known = classes.get(key);
    if (known !== undefined) known.intents.push(intent);
    else classes.set(key, { pool, buyer, intents: [intent], rows: rowsOf.get(key) ?? [] });
  };
  const ownerless = new Set<number>();
  for (const intent of needy) {
    if (nameless.buyerOfIntent[intent] === ANYBODY) ownerless.add(wants.pool[intent]!);
  }
  for (const intent of needy) {
    const buyer = nameless.buyerOfIntent[intent]!;
    if (buyer !== ANYBODY) join(buyer, intent);
    if (ownerless.has(wants.pool[intent]!)) join(ANYBODY, intent);
  }
  return classes.values();
}

interface Spans {
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/**
 * By intent: from its first purchase, hold or payment to the end of its last; +∞ if one was cut off. Where the history lacks
 * requests, the one that made the row may be missing, and what is told be its reply once more: from −∞ then.
 */
function spansOf({ history, historyComplete }: Evidence): Spans {
  const earliest = historyComplete ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const start = new Float64Array(history.intentKeys.length).fill(earliest);
  const end = new Float64Array(history.intentKeys.length).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < history.length; i++) {
    if (!isAcquire(history, i) && history.kind[i] !== PAY) continue;
    const intent = history.intent[i]!;
    const last = history.outcome[i] === INFO ? Number.POSITIVE_INFINITY : history.end[i]!;
    if (history.start[i]! < start[intent]!) start[intent] = history.start[i]!;
    if (last > end[intent]!) end[intent] = last;
  }
  return { start, end };
}

/** How many purchases of the class stay without a row at least, and the smallest set that can be told. */
function lossIn(
  evidence: Evidence,
  sale: Sale,
  { of, spans }: { readonly of: Class; readonly spans: Spans },
): { readonly uncovered: number; readonly loss: Loss | null } {
  const { intents, rows, pool, buyer } = of;
  const doubtMs = shopDoubtMs(evidence);
  const claimants = intents.map((intent) => ({
    start: spans.start[intent]! - doubtMs,
    end: spans.end[intent]! + doubtMs,
  }));
  const moments = Float64Array.from(rows, (row) => momentOf(evidence, sale.rows[row]!));
  const rowOf = matchRows(claimants, [...moments]);
  const uncovered = [...rowOf.keys()].filter((claimant) => rowOf[claimant] === -1);
  let loss: Loss | null = null;
  const setOf = hallSets(claimants, moments, rowOf);
  for (const claimant of uncovered.slice(0, SETS_MAX)) {
    const set = setOf(claimant, loss === null ? Number.POSITIVE_INFINITY : sizeOf(loss));
    if (set === null) continue;
    const found = {
      ...{ pool, buyer },
      intents: set.claimants.map((each) => intents[each]!).sort((a, b) => a - b),
      rows: set.rows.map((row) => rows[row]!).sort((a, b) => a - b),
      within: null,
    };
    const told =
      deedsOf(evidence, found.intents).length <= TOLD_MAX
        ? found
        : wholeOf(evidence, sale, { of, spans, found });
    if (told !== null && (loss === null || sizeOf(told) < sizeOf(loss))) loss = told;
  }
  return { uncovered: uncovered.length, loss };
}

/**
 * Too many to be told one by one are told by their time: all of the class within it. Null in the rare case that others
 * within it have rows enough for all.
 */
function wholeOf(
  evidence: Evidence,
  sale: Sale,
  { of, spans, found }: { readonly of: Class; readonly spans: Spans; readonly found: Loss },
): Loss | null {
  const doubtMs = shopDoubtMs(evidence);
  const isDated = evidence.fixture.rules?.clockSkewMs !== undefined;
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (isDated) {
    from = found.intents.reduce(
      (least, each) => Math.min(least, spans.start[each]!),
      Number.POSITIVE_INFINITY,
    );
    to = found.intents.reduce(
      (most, each) => Math.max(most, spans.end[each]!),
      Number.NEGATIVE_INFINITY,
    );
  }
  const intents = of.intents.filter((each) => spans.start[each]! >= from && spans.end[each]! <= to);
  const rows = of.rows.filter((row) => {
    const moment = momentOf(evidence, sale.rows[row]!);
    return Number.isNaN(moment) || (moment >= from - doubtMs && moment <= to + doubtMs);
  });
  return intents.length > rows.length ? { ...found, intents, rows, within: { from, to } } : null;
}

/** Purchases, holds, payments and cancellations of these intents: what decides whether they were acknowledged for good. */
export function deedsOf(evidence: Evidence, intents: readonly number[]): number[] {
  const { history } = evidence;
  const { operationsByIntent } = saleOf(evidence);
  return intents.flatMap((intent) =>
    [...membersOf(operationsByIntent, intent)].filter(
      (i) => isAcquire(history, i) || history.kind[i] === PAY || history.kind[i] === CANCEL,
    ),
  );
}

interface HallSet {
  readonly claimants: readonly number[];
  readonly rows: readonly number[];
}

/**
 * For a claimant without a row in a largest matching: it, the rows that it could have, their claimants, the rows that
 * those could have, and so on. All these rows are taken, or the matching could be larger, so they are one fewer than the
 * claimants; and no part of the set would do. Null beyond `most` of both. O(size × log n).
 */
function hallSets(
  claimants: readonly Claimant[],
  moments: Float64Array,
  rowOf: Int32Array,
): (claimant: number, most: number) => HallSet | null {
  const claimantOf = new Int32Array(moments.length).fill(-1);
  rowOf.forEach((row, claimant) => {
    if (row !== -1) claimantOf[row] = claimant;
  });
  const order = ascending(moments);
  const dates = columnOf(order, (row) => moments[row]!);
  const undated = [...moments.keys()].filter((row) => Number.isNaN(moments[row]!));
  return (lacking, most) => {
    const found = { claimants: [] as number[], rows: [] as number[] };
    const open = [lacking];
    const visit = (row: number) => {
      found.rows.push(row);
      open.push(claimantOf[row]!);
    };
    for (const row of undated) visit(row);
    const next = new Map<number, number>();
    for (let claimant = open.pop(); claimant !== undefined; claimant = open.pop()) {
      found.claimants.push(claimant);
      const { start, end } = claimants[claimant]!;
      let place = unvisited(next, countBefore(dates, start));
      while (place < dates.length && dates[place]! <= end) {
        next.set(place, place + 1);
        visit(order[place]!);
        place = unvisited(next, place);
      }
      if (found.claimants.length + found.rows.length >= most) return null;
    }
    return found;
  };
}

/** The first place from `place` on that leads no further, shortening the way to it. */
function unvisited(next: Map<number, number>, place: number): number {
  let last = place;
  for (let on = next.get(last); on !== undefined; on = next.get(last)) last = on;
  for (let at = place; at !== last; ) {
    const on = next.get(at)!;
    next.set(at, last);
    at = on;
  }
  return last;
}
