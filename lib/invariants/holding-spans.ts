import { mayBeCancelled } from '../history/attribution.ts';
import {
  CANCEL,
  FAIL,
  type History,
  HOLD,
  INFO,
  OK,
  PAY,
  PURCHASE,
  REFUSED,
} from '../history/history.ts';
import { operationKinds } from '../model/operation.ts';
import type { Evidence } from './invariant.ts';
import { NumberList } from './number-list.ts';
import { mayBeReleased, type Sale, saleOf } from './sale.ts';

/*
 * When an intent certainly holds the tickets it asked for, and when it certainly no longer does.
 *
 * Certainly held is [end of an acknowledgement, start of what may take it back): an `ok` purchase or payment until the
 * first cancellation that may have come after it; an `ok` hold until its expiry, too. What is half open is so on
 * purpose: of two moments at the same millisecond the release may have been the earlier one. Times are widened by the
 * clock error, and the expiry, which is on the target's clock, by the skew that the rules allow.
 *
 * A reply may tell again what an earlier request with the same key got, unless keys mean nothing at this shop. So what it
 * tells may be as old as the first operation of its intent and kind that took or may have taken tickets: from then on the
 * rules' time runs, and what was cancelled after that may be cancelled still.
 *
 * A worked example: a hold acknowledged at 5 that expires at 60, paid from 50 to 55, is held on [5, ∞). Paid from 58 to
 * 64 it is certain on [5, 60) and on [64, ∞) only: a shop that takes late payments may have sold the tickets and found
 * others in between.
 */
export interface Spans {
  readonly length: number;
  /** Of the history; an intent may have several spans, which may overlap. */
  readonly intent: Int32Array;
  /** The operation whose acknowledgement begins it. */
  readonly operation: Int32Array;
  readonly from: Float64Array;
  /** +∞ for good. Above `from`. */
  readonly until: Float64Array;
}

const known = new WeakMap<Evidence, { readonly certain: Spans; readonly short: Spans }>();

/** Of intents that have one wish in a pool that the fixture knows, ordered by intent. O(n) but for crowded intents. */
export function certainSpans(evidence: Evidence): Spans {
  return spansOf(evidence).certain;
}

/**
 * Acknowledgements that certainly gave tickets, but for so short a time that no moment is certain: from the start of what
 * they tell to their end, widened, and a millisecond more, for its end belongs to it. Somewhere in it they were held.
 */
export function shortSpans(evidence: Evidence): Spans {
  return spansOf(evidence).short;
}

function spansOf(evidence: Evidence): { readonly certain: Spans; readonly short: Spans } {
  const before = known.get(evidence);
  if (before !== undefined) return before;
  const sale = saleOf(evidence);
  const certain = new SpanList();
  const short = new SpanList();
  const { history, clockErrorMs, fixture } = evidence;
  const { first, member } = sale.operationsByIntent;
  const mayRepeat = fixture.rules?.idempotency !== 'none';
  const firstOfKind = new Float64Array(operationKinds.length);
  for (let intent = 0; intent < sale.wants.length; intent++) {
    if (sale.wants.pool[intent]! < 0 || isTakenUnseen(evidence, sale, intent)) continue;
    firstOfKind.fill(Number.POSITIVE_INFINITY);
    for (let at = first[intent]!; at < first[intent + 1]!; at++) {
      const i = member[at]!;
      const outcome = history.outcome[i]!;
      if (outcome === REFUSED || outcome === FAIL) continue;
      const kind = history.kind[i]!;
      firstOfKind[kind] = Math.min(firstOfKind[kind]!, history.start[i]!);
      if (!acknowledges(history, i)) continue;
      const since = mayRepeat ? firstOfKind[kind]! : history.start[i]!;
      const from = history.end[i]! + clockErrorMs;
      const until = heldUntil(evidence, sale, { operation: i, since });
      if (from < until) certain.add({ intent, operation: i, from, until });
      else short.add({ intent, operation: i, from: since - clockErrorMs, until: from + 1 });
    }
  }
  const found = { certain: certain.build(), short: short.build() };
  known.set(evidence, found);
  return found;
}

interface Span {
  readonly intent: number;
  readonly operation: number;
  readonly from: number;
  readonly until: number;
}

class SpanList {
  readonly #intent = new NumberList();
  readonly #operation = new NumberList();
  readonly #from = new NumberList();
  readonly #until = new NumberList();

  add({ intent, operation, from, until }: Span): void {
    this.#intent.add(intent);
    this.#operation.add(operation);
    this.#from.add(from);
    this.#until.add(until);
  }

  build(): Spans {
    return {
      length: this.#until.length,
      intent: Int32Array.from(this.#intent.build()),
      operation: Int32Array.from(this.#operation.build()),
      from: this.#from.build(),
      until: this.#until.build(),
    };
  }
}

/** Several lists as one. */
export function allSpans(...lists: readonly Spans[]): Spans {
  const all = new SpanList();
  for (const spans of lists) {
    for (let n = 0; n < spans.length; n++) {
      const [intent, operation] = [spans.intent[n]!, spans.operation[n]!];
      all.add({ intent, operation, from: spans.from[n]!, until: spans.until[n]! });
    }
  }
  return all.build();
}

function acknowledges({ outcome, kind }: History, i: number): boolean {
  return outcome[i] === OK && (kind[i] === PURCHASE || kind[i] === HOLD || kind[i] === PAY);
}

/** Tickets went at a time that no operation and no expiry tells: the final state shows it, or cannot rule it out. */
export function isTakenUnseen(evidence: Evidence, sale: Sale, intent: number): boolean {
  if (mayLackReturns(evidence, sale) && !isShownKept(evidence, sale, intent)) return true;
  const bought = sale.wants.purchases[intent]! | sale.wants.pays[intent]!;
  const isMereHold = (bought & ((1 << OK) | (1 << INFO))) === 0;
  if (mayBeCancelled(sale, intent) || isMereHold) return false;
  return mayBeReleased(evidence, sale, intent);
}

const returns = new WeakMap<Evidence, boolean>();

/** Tickets are held or given back in this sale, and the history lacks requests: so it may lack cancellations. */
function mayLackReturns(evidence: Evidence, { rows }: Sale): boolean {
  if (evidence.historyComplete) return false;
  const known = returns.get(evidence);
  if (known !== undefined) return known;
  const { kind } = evidence.history;
  const isGivenBack = rows.some(({ status }) => status === 'cancelled');
  const found = isGivenBack || kind.includes(HOLD) || kind.includes(CANCEL);
  returns.set(evidence, found);
  return found;
}

function isShownKept({ state }: Evidence, sale: Sale, intent: number): boolean {
  const { wants, gaps, nameless } = sale;
  if (state === null || state.mayLag === true || gaps.state.length > 0) return false;
  return wants.live[intent]! >= wants.quantity[intent]! && !nameless.intents.has(intent);
}

/** An acknowledgement, and the start of the operation that may have got what it tells. */
interface Told {
  readonly operation: number;
  readonly since: number;
}

function heldUntil(evidence: Evidence, sale: Sale, told: Told): number {
  const { history, clockErrorMs, fixture } = evidence;
  const skewMs = fixture.rules?.clockSkewMs ?? 0;
  const expiry =
    history.kind[told.operation] === HOLD
      ? expiryOf(evidence, told.operation, told.since).earliest - skewMs
      : Number.POSITIVE_INFINITY;
  return Math.min(expiry, firstReturn(evidence, sale, told)) - clockErrorMs;
}

/** Start of the first cancellation that may have taken effect after what is told; +∞ where there is none. */
function firstReturn({ history, clockErrorMs }: Evidence, sale: Sale, told: Told): number {
  const intent = history.intent[told.operation]!;
  let first = Number.POSITIVE_INFINITY;
  if (!mayBeCancelled(sale, intent)) return first;
  const { first: firsts, member } = sale.operationsByIntent;
  for (let at = firsts[intent]!; at < firsts[intent + 1]!; at++) {
    const each = member[at]!;
    const outcome = history.outcome[each]!;
    if (history.kind[each] !== CANCEL || outcome === REFUSED || outcome === FAIL) continue;
    const isBefore = outcome === OK && history.end[each]! + 2 * clockErrorMs < told.since;
    if (!isBefore) first = Math.min(first, history.start[each]!);
  }
  return first;
}

/**
 * When the hold of operation i ends: as its reply says, else as long after it was made, not before `since`, as the rules
 * say. Both are −∞ and +∞ where neither tells. Without the skew of clocks.
 */
export function expiryOf(
  { history, fixture }: Evidence,
  i: number,
  since = history.start[i]!,
): { readonly earliest: number; readonly latest: number } {
  const told = history.details?.expiresAt[i] ?? Number.NaN;
  if (!Number.isNaN(told)) return { earliest: told, latest: told };
  const holdMs = fixture.rules?.holdMs;
  if (holdMs === undefined) {
    return { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY };
  }
  return { earliest: since + holdMs, latest: history.end[i]! + holdMs };
}

/**
 * From when on nothing of the intent is held any more, on the generator's clock before widening; +∞ where that is not
 * certain. An `ok` cancellation after everything that took tickets ends it; or the expiry of its holds with grace and
 * skew, where the rules name a grace and nothing was or may have been paid or bought. What the final state shows as live
 * is not over.
 */
export function surelyOverAt(evidence: Evidence, sale: Sale, intent: number): number {
  const { pool, live } = sale.wants;
  if (pool[intent]! < 0 || live[intent]! > 0) return Number.POSITIVE_INFINITY;
  return Math.min(cancelledAt(evidence, sale, intent), expiredAt(evidence, sale, intent));
}

/** The same of cancellations alone. */
export function cancelledAt(
  { history, clockErrorMs }: Evidence,
  sale: Sale,
  intent: number,
): number {
  const { wants } = sale;
  const isKept = wants.pool[intent]! < 0 || wants.live[intent]! > 0;
  // Rows that no purchase in the history can have made were made nobody knows when.
  const isUnexplained = wants.firstBuy[intent] === -1 && wants.cancelled[intent]! > 0;
  if (wants.cancels[intent] === 0 || isKept || isUnexplained) return Number.POSITIVE_INFINITY;
  const { first, member } = sale.operationsByIntent;
  const own = member.subarray(first[intent]!, first[intent + 1]!);
  let takenUntil = Number.NEGATIVE_INFINITY;
  for (const i of own) {
    const outcome = history.outcome[i]!;
    if (outcome === REFUSED || outcome === FAIL) continue;
    if (![PURCHASE, HOLD, PAY].includes(history.kind[i]!)) continue;
    takenUntil = Math.max(takenUntil, outcome === OK ? history.end[i]! : Number.POSITIVE_INFINITY);
  }
  let over = Number.POSITIVE_INFINITY;
  for (const i of own) {
    if (history.kind[i] !== CANCEL || history.outcome[i] !== OK) continue;
    if (takenUntil + 2 * clockErrorMs < history.start[i]!) over = Math.min(over, history.end[i]!);
  }
  return over;
}

/** See {@link surelyOverAt}; of the expiry alone, whatever the final state shows. */
export function expiredAt(evidence: Evidence, sale: Sale, intent: number): number {
  const { history, fixture } = evidence;
  const { expiryGraceMs, clockSkewMs = 0 } = fixture.rules ?? {};
  const { wants, operationsByIntent } = sale;
  const bought = wants.purchases[intent]! | wants.pays[intent]!;
  const isKept = (bought & ((1 << OK) | (1 << INFO))) !== 0;
  if (expiryGraceMs === undefined || isKept) return Number.POSITIVE_INFINITY;
  let over = Number.NEGATIVE_INFINITY;
  const { first, member } = operationsByIntent;
  for (let at = first[intent]!; at < first[intent + 1]!; at++) {
    const i = member[at]!;
    const outcome = history.outcome[i]!;
    if (history.kind[i] !== HOLD || outcome === REFUSED || outcome === FAIL) continue;
    // An unanswered one may take effect at any time, and nobody knows when it ends.
    if (outcome !== OK) return Number.POSITIVE_INFINITY;
    const { latest } = expiryOf(evidence, i);
    over = Math.max(over, latest + expiryGraceMs + clockSkewMs, history.end[i]!);
  }
  return over === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : over;
}

/** The same spans with those of one intent that overlap or touch made one; `operation` is that of the first. */
export function joinedSpans(spans: Spans): Spans {
  const joined: { intent: number; operation: number; from: number; until: number }[] = [];
  const order = [...spans.from.keys()].sort(
    (a, b) => spans.intent[a]! - spans.intent[b]! || spans.from[a]! - spans.from[b]!,
  );
  for (const span of order) {
    const last = joined.at(-1);
    const [intent, from, until] = [spans.intent[span]!, spans.from[span]!, spans.until[span]!];
    if (last?.intent === intent && from <= last.until) last.until = Math.max(last.until, until);
    else joined.push({ intent, operation: spans.operation[span]!, from, until });
  }
  const list = new SpanList();
  for (const span of joined) list.add(span);
  return list.build();
}
