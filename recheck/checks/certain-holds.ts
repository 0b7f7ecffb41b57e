import {
  doubtOfState,
  type Facts,
  isAsking,
  isLive,
  mayHaveHappened,
  type Operation,
} from '../facts.ts';
import { mayBeCancelled } from './rows-of-anybody.ts';

/** From when to when, without the end; the end may be +∞. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The most tickets of a pool that are held at one moment by what the replies said; 0 where nobody can tell. */
export function mostCertain(facts: Facts, pool: string): number {
  const { mixed, cancelled, allReturns } = facts;
  if (mixed === null || cancelled === null || !allReturns) return 0;
  const changes: { at: number; by: number }[] = [];
  for (const [intent, own] of byBuyer(facts.operations)) {
    const asked = own.find(isAsking);
    if (asked?.pool !== pool || mixed.has(intent)) continue;
    for (const { from, to } of stretchesOf(facts, intent, own)) {
      changes.push({ at: from, by: asked.quantity }, { at: to, by: -asked.quantity });
    }
  }
  return mostAtOnce(changes);
}

/** What is given back at a moment is gone before anything is taken at it. */
export function mostAtOnce(changes: { at: number; by: number }[]): number {
  let held = 0;
  let most = 0;
  for (const { by } of changes.sort((a, b) => (a.at === b.at ? a.by - b.by : a.at - b.at))) {
    held += by;
    most = Math.max(most, held);
  }
  return most;
}

export function byBuyer(operations: readonly Operation[]): Map<string, Operation[]> {
  const found = new Map<string, Operation[]>();
  for (const each of operations) {
    const own = found.get(each.intent);
    if (own === undefined) found.set(each.intent, [each]);
    else own.push(each);
  }
  return found;
}

/** When one intent certainly holds its tickets: stretches that neither overlap nor touch, by time. */
export function stretchesOf(facts: Facts, intent: string, own: readonly Operation[]): Stretch[] {
  if (wentUnseen(facts, intent, own)) return [];
  const back = own.filter((each) => each.kind === 'cancel' && mayHaveHappened(each));
  const stretches = own
    .filter(({ kind, outcome }) => outcome === 'ok' && /^(purchase|hold|pay)$/.test(kind))
    .map((yes) => ({
      from: yes.end + facts.clockErrorMs,
      to: keptUntil(facts, yes, { since: since(facts, own, yes), back }),
    }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from);
  const joined: { from: number; to: number }[] = [];
  for (const next of stretches) {
    const last = joined.at(-1);
    if (last !== undefined && next.from <= last.to) last.to = Math.max(last.to, next.to);
    else joined.push({ ...next });
  }
  return joined;
}

/** A reply may be the saved one of an earlier request of the kind, unless keys mean nothing: it tells of then. */
function since({ restsOn }: Facts, own: readonly Operation[], yes: Operation): number {
  if (restsOn.fixture.rules?.idempotency === 'none') return yes.start;
  const alike = own.filter((each) => each.kind === yes.kind && mayHaveHappened(each));
  return alike.reduce((first, { start }) => Math.min(first, start), yes.start);
}

function keptUntil(
  { restsOn, clockErrorMs }: Facts,
  yes: Operation,
  about: { readonly since: number; readonly back: readonly Operation[] },
): number {
  const { holdMs = -Infinity, clockSkewMs = 0 } = restsOn.fixture.rules ?? {};
  const over = yes.expiresAt ?? about.since + holdMs;
  // A cancellation that was answered before the other was sent has nothing to do with it.
  const returns = about.back
    .filter(({ outcome, end }) => outcome !== 'ok' || end + 2 * clockErrorMs >= about.since)
    .map(({ start }) => start);
  const ends = yes.kind === 'hold' ? [over - clockSkewMs, ...returns] : returns;
  return Math.min(...ends) - clockErrorMs;
}

/** Bought for good, or perhaps, and yet rows are cancelled, or missing where cancelled ones are not kept. */
function wentUnseen(facts: Facts, intent: string, own: readonly Operation[]): boolean {
  const isKept = own.some((each) => mayHaveHappened(each) && /^(purchase|pay)$/.test(each.kind));
  const isBack = own.some((each) => each.kind === 'cancel' && mayHaveHappened(each));
  if (lacksReturns(facts) && !isShownKept(facts, intent, own)) return true;
  if (isBack || !isKept) return false;
  if (mayBeCancelled(facts, intent)) return true;
  if (facts.restsOn.state?.keepsCancelled !== false) return false;
  return !hasAllLive(facts, intent, own);
}

/** A history that lacks requests may lack cancellations, where tickets are held or given back at all. */
export function lacksReturns({ restsOn, operations }: Facts): boolean {
  if (restsOn.history.complete) return false;
  const isGivenBack = (restsOn.state?.cancelledRows ?? 0) > 0;
  return isGivenBack || operations.some(({ kind }) => /^(hold|cancel)$/.test(kind));
}

function isShownKept(facts: Facts, intent: string, own: readonly Operation[]): boolean {
  if (doubtOfState(facts) !== null || facts.restsOn.state!.mayLag) return false;
  return hasAllLive(facts, intent, own);
}

function hasAllLive(facts: Facts, intent: string, own: readonly Operation[]): boolean {
  const asked = own.find(isAsking);
  const live = facts.rows
    .filter((row) => row.intent === intent && row.pool === asked?.pool && isLive(row))
    .reduce((sum, row) => sum + row.quantity, 0);
  return live >= (asked?.quantity ?? 0);
}
