import { MIXED } from '../../history/attribution.ts';
import { membersOf } from '../../history/grouping.ts';
import { CANCEL, FAIL, HOLD, INFO, isAcquire, OK, PAY, REFUSED } from '../../history/history.ts';
import { isSoldOutRefusal, rowsApart } from '../held-tickets.ts';
import type { Evidence } from '../invariant.ts';
import { NEVER, OPEN, reconciled, TOOK } from '../reconcile.ts';
import { mayBeReleased, type Sale } from '../sale.ts';
import type { Stock } from './counter.ts';
import { WindowList, type Windows } from './windows.ts';

/*
 * What is known of each pool's tickets, from the operations of intents:
 *
 * - An intent that was acknowledged took its tickets once for certain, between its first attempt and its first
 *   acknowledgement, however often it was retried; each attempt that did not certainly fail may have taken them.
 * - A cancellation that succeeded and began when they were taken gave them back; any other may have. A hold may have come back from its expiry
 *   on, taken as early as the target's clock allows, unless it was paid for before. Without its expiry, at any time.
 * - An order that the final state shows as cancelled, though no operation did it, may have come back at any time.
 *
 * `lenient` counts for a shop that did not keep to its replies, which other claims find: tickets that the final state
 * does not show were not certainly taken, and those that it shows beyond what was asked for may have been.
 */
export interface PoolStock extends Stock {
  /** What operations that came to nothing may have held for a moment while they ran. */
  readonly momentary: Windows;
  /** Something may have given tickets back, and nobody can tell how many. */
  readonly unclear: boolean;
  /** All quantities are 1 and nothing may come back: then what contradicts nothing has an order. */
  readonly isExact: boolean;
}

type Name = 'taken' | 'mayTake' | 'givenBack' | 'mayGiveBack' | 'momentary';
type Draft = Record<Name, WindowList> & { unclear: boolean; isUnit: boolean };

/** One for each of the sale's pools. O(operations + rows). */
export function stocksOf(evidence: Evidence, sale: Sale, lenient: boolean): PoolStock[] {
  const drafts = sale.pools.map(emptyDraft);
  const apart = rowsApart(sale);
  const deeds = { takes: [], pays: [], cancels: [] };
  const context = { evidence, sale, drafts, lenient, deeds };
  const { wants } = sale;
  for (let intent = 0; intent < wants.length; intent++) {
    // Who only looks moves nothing.
    const acts = wants.outcomes[intent]! | wants.pays[intent]! | wants.cancels[intent]!;
    if (acts !== 0) addIntent(context, intent);
  }
  return drafts.map((draft, pool) => {
    const tickets = apart.unplaced[pool]!;
    if (lenient && tickets > 0) {
      const always = { start: evidence.history.start[0] ?? 0, end: Number.POSITIVE_INFINITY };
      draft.mayTake.add({ ...always, tickets, operation: -1, intent: -1 });
    }
    const neverBack = draft.mayGiveBack.length === 0;
    return {
      taken: draft.taken.build(),
      mayTake: draft.mayTake.build(),
      givenBack: draft.givenBack.build(),
      mayGiveBack: draft.mayGiveBack.build(),
      momentary: draft.momentary.build(),
      unclear: draft.unclear,
      isExact: draft.isUnit && neverBack,
    };
  });
}

function emptyDraft(): Draft {
  return {
    taken: new WindowList(),
    mayTake: new WindowList(),
    givenBack: new WindowList(),
    mayGiveBack: new WindowList(),
    momentary: new WindowList(),
    unclear: false,
    isUnit: true,
  };
}

interface Context {
  readonly evidence: Evidence;
  readonly sale: Sale;
  readonly drafts: readonly Draft[];
  readonly lenient: boolean;
  /** Of the intent that is looked at: one for all, or there would be millions of empty lists. */
  readonly deeds: Deeds;
}

/** The operations of one intent by what they may have done. */
interface Deeds {
  /** Purchases and holds that may have taken tickets. */
  readonly takes: number[];
  /** Payments and cancellations that succeeded or may have. */
  readonly pays: number[];
  readonly cancels: number[];
}

function addIntent(context: Context, intent: number): void {
  const { sale, drafts } = context;
  const deeds = deedsOf(context, intent);
  const draft = drafts[sale.wants.pool[intent]!];
  if (draft !== undefined) {
    const of = { intent, draft, deeds };
    addTaking(context, of);
    addGivingBack(context, of);
    return;
  }
  // Of intents that ask for different things, or for nothing, nobody knows whose tickets they give back.
  const isMixed = sale.wants.pool[intent] === MIXED;
  const unknowable = isMixed ? deeds.takes : [...deeds.pays, ...deeds.cancels];
  for (const i of unknowable) {
    const own = drafts[sale.operationPool[i]!];
    if (own !== undefined) own.unclear = true;
  }
}

function deedsOf({ evidence, sale, drafts, deeds }: Context, intent: number): Deeds {
  const { history } = evidence;
  const { took, latest } = reconciled(evidence);
  deeds.takes.length = 0;
  deeds.pays.length = 0;
  deeds.cancels.length = 0;
  const { first, member } = sale.operationsByIntent;
  for (let at = first[intent]!; at < first[intent + 1]!; at++) {
    const i = member[at]!;
    const isTake = isAcquire(history, i);
    const kind = history.kind[i];
    if (!isTake && kind !== PAY && kind !== CANCEL) continue;
    const draft = drafts[sale.operationPool[i]!];
    const tickets = history.quantity[i]!;
    const start = history.start[i]!;
    const outcome = history.outcome[i];
    if (isTake ? took[i] === NEVER : outcome === REFUSED || outcome === FAIL) {
      // A payment that comes late may take the tickets anew before it is refused.
      if (kind === CANCEL) continue;
      const end = outcome === INFO ? Number.POSITIVE_INFINITY : history.end[i]!;
      const held = isSoldOutRefusal(evidence, i) ? tickets - 1 : tickets;
      if (held > 0) draft?.momentary.add({ start, end, tickets: held, operation: i, intent });
    } else if (isTake) {
      deeds.takes.push(i);
      draft?.mayTake.add({ start, end: latest[i]!, tickets, operation: i, intent });
      // What was cut off and is not among the rows may have been taken back, as a saga does.
      if (took[i] === OPEN && sale.gaps.state.length === 0) {
        const end = Number.POSITIVE_INFINITY;
        draft?.momentary.add({ start, end, tickets, operation: i, intent });
      }
      if (draft !== undefined && tickets !== 1) draft.isUnit = false;
    } else (kind === PAY ? deeds.pays : deeds.cancels).push(i);
  }
  return deeds;
}

interface OfIntent {
  readonly intent: number;
  readonly draft: Draft;
  readonly deeds: Deeds;
}

function addTaking({ evidence, sale, lenient }: Context, of: OfIntent): void {
  const { history, state } = evidence;
  const { takes } = of.deeds;
  const { took, latest } = reconciled(evidence);
  const { wants, nameless } = sale;
  const asked = wants.quantity[of.intent]!;
  // Rows that name nobody show that all who bought have one, or of none that he has.
  const live = nameless.doubtful.has(of.intent) ? 0 : wants.live[of.intent]!;
  const rows = live + wants.cancelled[of.intent]!;
  const trusted = state !== null && sale.gaps.state.length === 0 && state.mayLag !== true;
  let until = Number.POSITIVE_INFINITY;
  for (const i of takes) until = Math.min(until, latest[i]!);
  if (isAnyTaken(took, takes)) {
    const first = takes[0]!;
    const tickets = lenient && trusted ? Math.min(asked, rows) : asked;
    const start = history.start[first]!;
    const window = { start, end: until, tickets, operation: first, intent: of.intent };
    if (tickets > 0) of.draft.taken.add(window);
  }
  const excess = rows - takes.length * asked;
  if (!lenient || excess <= 0) return;
  const start = history.start[membersOf(sale.operationsByIntent, of.intent)[0]!]!;
  of.draft.mayTake.add({
    start,
    end: Number.POSITIVE_INFINITY,
    tickets: excess,
    operation: -1,
    intent: of.intent,
  });
}

function addGivingBack(context: Context, of: OfIntent): void {
  const { evidence, sale } = context;
  const { history, clockErrorMs } = evidence;
  const { takes, pays, cancels } = of.deeds;
  const { took, latest } = reconciled(evidence);
  const first = takes[0];
  if (first === undefined) {
    if (cancels.length + pays.length > 0) of.draft.unclear = true;
    return;
  }
  const expiry = earliestExpiry(evidence, of.deeds);
  const quantity = sale.wants.quantity[of.intent]!;
  let since = expiry;
  for (const i of cancels) since = Math.min(since, history.start[i]!);
  const isSecret = since === Number.POSITIVE_INFINITY && mayBeReleased(evidence, sale, of.intent);
  if (isSecret) since = history.start[first]!;
  if (since === Number.POSITIVE_INFINITY) return;
  if (expiry < Number.POSITIVE_INFINITY) {
    // A payment that comes late may take the tickets anew.
    for (const i of pays) {
      const end = history.outcome[i] === OK ? history.end[i]! : Number.POSITIVE_INFINITY;
      of.draft.mayTake.add({
        start: history.start[i]!,
        end,
        tickets: quantity,
        operation: i,
        intent: of.intent,
      });
    }
  }
  const cancel = cancels[0];
  const isOnce = takes.length === 1 && cancels.length === 1 && isAnyTaken(took, takes);
  // A shop may be glad to cancel what is not there yet.
  const isAfter = isOnce && latest[first]! + 2 * clockErrorMs < history.start[cancel!]!;
  const isCertain =
    isAfter && history.outcome[cancel!] === OK && (pays.length === 0 || expiry === Infinity);
  const end = isCertain ? history.end[cancel!]! : Number.POSITIVE_INFINITY;
  const times = takes.length + (expiry < Number.POSITIVE_INFINITY ? pays.length : 0);
  const window = {
    start: since,
    end,
    tickets: times * quantity,
    operation: cancel ?? first,
    intent: of.intent,
  };
  of.draft.mayGiveBack.add(window);
  if (isCertain) of.draft.givenBack.add(window);
}

function isAnyTaken(took: Uint8Array, takes: readonly number[]): boolean {
  for (const i of takes) if (took[i] === TOOK) return true;
  return false;
}

/** When a hold of the intent may have expired at the earliest, on the history's clock; +∞ where none can have. */
function earliestExpiry({ history, fixture, clockErrorMs }: Evidence, deeds: Deeds): number {
  const { clockSkewMs = 0, holdMs = 0 } = fixture.rules ?? {};
  let earliest = Number.POSITIVE_INFINITY;
  for (const i of deeds.takes) {
    if (history.kind[i] !== HOLD) continue;
    const told = history.details?.expiresAt[i] ?? Number.NaN;
    const expiry = Number.isNaN(told) ? history.start[i]! + holdMs : told - clockSkewMs;
    earliest = Math.min(earliest, expiry);
  }
  const isPaid = deeds.pays.some(
    (i) => history.outcome[i] === OK && history.end[i]! + 2 * clockErrorMs < earliest,
  );
  return isPaid && deeds.takes.length === 1 ? Number.POSITIVE_INFINITY : earliest;
}
