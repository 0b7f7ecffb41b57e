import {
  cameToNothing,
  doubtOfState,
  type Facts,
  isAsking,
  isLive,
  mayHaveHappened,
  not,
  type Operation,
  type Outcome,
  type Pool,
} from '../facts.ts';
import { byBuyer } from './certain-holds.ts';

/** Told *sold out* while even the most that others can have held left enough. */
export function checkFalseSoldOut(facts: Facts): Outcome {
  const lacking = lackingForMost(facts);
  if (lacking !== null) return not(lacking);
  const pool = facts.pool!;
  for (const refusal of facts.shown.operations) {
    if (!isSoldOut(refusal) || refusal.intent !== facts.about.intent) continue;
    if (refusal.pool !== pool.id || mayRepeat(facts, refusal)) continue;
    const { tickets, holders } = mostHeld(facts, refusal);
    if (tickets + refusal.quantity > capacityOf(pool)) continue;
    return {
      proven: true,
      tickets,
      operations: holders + 1,
      because: `${refusal.quantity} were refused while at most ${tickets} of ${pool.capacity} can have been held`,
    };
  }
  return not('a refusal that tickets certainly remained for');
}

export const capacityOf = ({ capacity, remainingBefore }: Pool): number =>
  Math.min(capacity, remainingBefore ?? Infinity);

/** What it takes, and is not there, to know the most that can have been held; null where nothing is lacking. */
export function lackingForMost(facts: Facts): string | null {
  const { pool, restsOn } = facts;
  if (pool === null) return 'the pool and its capacity';
  const doubt = doubtOfState(facts);
  if (doubt !== null) return `a final state to rely on: ${doubt}`;
  if (!restsOn.history.complete) return 'a complete history';
  if (restsOn.history.backward > 0) return 'a clock that did not jump';
  if (!restsOn.state!.exhaustive) return 'the orders of all buyers';
  if (!restsOn.state!.keepsCancelled) return 'cancelled orders, which are not kept';
  if (restsOn.state!.mayLag) return 'a reading that cannot lag behind';
  if (!facts.allOperations) return 'all operations that may have held tickets';
  if (!facts.allRows) return 'all rows of the pool';
  if (facts.mixed === null) return 'the run itself: some buyers asked for different things';
  if (facts.rows.some(facts.isStranger)) return 'a pool without strangers';
  return null;
}

export const isSoldOut = (each: Operation) =>
  isAsking(each) && each.outcome === 'refused' && each.reason === 'sold-out';

/** Another request with its key was refused or not answered: it may be that one's reply, told again. */
export function mayRepeat(facts: Facts, refusal: Operation) {
  const { restsOn, operations, clockErrorMs, triedElsewhere } = facts;
  const { idempotency } = restsOn.fixture.rules ?? {};
  const { status, intent, end } = refusal;
  const isNeverKept = status === 409 || status === 429 || status >= 500;
  if (idempotency === 'none' || (idempotency === 'replay-final' && isNeverKept)) return false;
  const tries = operations.filter((each) => each.intent === intent && cameToNothing(each));
  const starts = withoutOne(tries, refusal).map(({ start }) => start);
  starts.push(triedElsewhere.get(intent) ?? Infinity);
  return starts.some((start) => start <= end + 2 * clockErrorMs);
}

/** What an operation that came to nothing can have held for a moment: a refused one at least one ticket too few. */
function momentary(each: Operation): number {
  if (mayHaveHappened(each) || !(isAsking(each) || each.kind === 'pay')) return 0;
  return isSoldOut(each) ? each.quantity - 1 : each.quantity;
}

/** The most that others can have held during an operation of the pool; `mayLeak`: as if expired holds kept theirs. */
export function mostHeld(
  facts: Facts,
  refusal: Operation,
  mayLeak = false,
): { tickets: number; holders: number } {
  const slack = 2 * facts.clockErrorMs;
  const inPool = facts.operations.filter((each) => each.pool === refusal.pool);
  const begun = inPool.filter((each) => each.start <= refusal.end + slack);
  const rows = facts.rows.filter((row) => row.pool === refusal.pool);
  const others = withoutOne(begun, refusal);
  const meanwhile = others.filter(
    (each) => each.end >= refusal.start - slack && momentary(each) > 0,
  );
  const owners = new Set(rows.map((row) => row.intent));
  const decides = (each: Operation) =>
    buys(each) ||
    (isAsking(each) && each.intent === refusal.intent) ||
    ((isAsking(each) || each.kind === 'pay') && owners.has(each.intent)) ||
    meanwhile.includes(each);
  const holders = others.filter((each) => !settles(each) && decides(each));
  return {
    tickets:
      heldForGood(facts, { refusal, inPool, rows, mayLeak }) +
      worstMoment(meanwhile, refusal, slack),
    holders: holders.length + inPool.filter(settles).length,
  };
}

const buys = (each: Operation) => isAsking(each) && mayHaveHappened(each);

/** It keeps a hold or ends it. */
const settles = (each: Operation) =>
  mayHaveHappened(each) && (each.kind === 'pay' || each.kind === 'cancel');

/** Operations that are equal in all are two of a kind: only one of them is the refusal. */
function withoutOne(operations: readonly Operation[], one: Operation): Operation[] {
  const text = JSON.stringify(one);
  const place = operations.findIndex((each) => JSON.stringify(each) === text);
  return operations.filter((_, i) => i !== place);
}

/** What is held for a moment only grows when an operation starts, so those moments are enough. */
function worstMoment(meanwhile: readonly Operation[], refusal: Operation, slack: number): number {
  const moments = meanwhile.map(({ start }) => start).filter((at) => at >= refusal.start);
  const heldAt = (at: number) =>
    meanwhile
      .filter((each) => each.start <= at && each.end >= at - slack)
      .reduce((sum, each) => sum + momentary(each), 0);
  return [refusal.start, ...moments].map(heldAt).reduce((most, held) => Math.max(most, held), 0);
}

/**
 * Of each buyer who had begun: what the rows say, or what was or may have been bought, whichever is more, until all of it
 * is certainly given back or expired. Rows that no buyer of the pool explains may have been there all along. The most of
 * it at one moment of the refusal.
 */
function heldForGood(
  facts: Facts,
  {
    refusal,
    inPool,
    rows,
    mayLeak,
  }: { refusal: Operation; inPool: readonly Operation[]; mayLeak: boolean } & Pick<Facts, 'rows'>,
): number {
  const buyers = byBuyer(inPool);
  const owned = new Map<string, number>();
  const live = new Set<string>();
  let always = 0;
  for (const row of rows) {
    const { intent, quantity } = row;
    const own = intent === null ? undefined : buyers.get(intent);
    if (intent === null || own?.some(isAsking) !== true || facts.mixed!.has(intent)) {
      always += quantity;
    } else {
      owned.set(intent, (owned.get(intent) ?? 0) + quantity);
      if (isLive(row)) live.add(intent);
    }
  }
  const slack = 2 * facts.clockErrorMs;
  const from = refusal.start;
  const changes: { at: number; by: number }[] = [];
  for (const [intent, own] of buyers) {
    // Rows that no purchase in the history can have made were made nobody knows when.
    const isExplained = own.some(buys) || (owned.get(intent) ?? 0) === 0;
    const mayEnd = isExplained && !live.has(intent) && !facts.mixed!.has(intent);
    const over = mayEnd ? goneAfter(facts, own, mayLeak) : Infinity;
    let bought = 0;
    let held = 0;
    for (const each of own.filter(isAsking).sort((a, b) => a.start - b.start)) {
      bought += buys(each) ? each.quantity : 0;
      const now = Math.max(bought, owned.get(intent) ?? 0);
      const until = Math.max(over, each.start) + slack;
      // What is over before the refusal, or begins after it, is not held in it.
      if (until >= from && each.start <= Math.max(refusal.start, refusal.end) + slack) {
        changes.push({ at: Math.max(each.start, from), by: now - held });
        changes.push({ at: until, by: held - now });
      }
      held = now;
    }
  }
  // It is still held at the moment after which it is not.
  const byTime = changes.sort((a, b) => (a.at === b.at ? b.by - a.by : a.at - b.at));
  let [now, most] = [0, 0];
  for (const { by } of byTime) {
    now += by;
    most = Math.max(most, now);
  }
  return always + most;
}

/** When the last ticket of a buyer is certainly back; +∞ where it may not be. */
function goneAfter(facts: Facts, own: readonly Operation[], mayLeak: boolean): number {
  const kept = own.filter(
    (each) => mayHaveHappened(each) && /^(purchase|hold|pay)$/.test(each.kind),
  );
  const lastTaken = Math.max(
    ...kept.map(({ outcome, end }) => (outcome === 'ok' ? end : Infinity)),
  );
  const returns = own.filter(
    ({ kind, outcome, start }) =>
      kind === 'cancel' && outcome === 'ok' && lastTaken + 2 * facts.clockErrorMs < start,
  );
  const expired = mayLeak ? Infinity : expiredAfter(facts, kept);
  return Math.min(expired, ...returns.map(({ end }) => end));
}

export function expiredAfter({ restsOn }: Facts, kept: readonly Operation[]): number {
  const { expiryGraceMs, clockSkewMs = 0, holdMs = Infinity } = restsOn.fixture.rules ?? {};
  if (expiryGraceMs === undefined || kept.length === 0) return Infinity;
  if (kept.some(({ kind, outcome }) => kind !== 'hold' || outcome !== 'ok')) return Infinity;
  return Math.max(
    ...kept.map(({ expiresAt, end }) =>
      Math.max(end, (expiresAt ?? end + holdMs) + expiryGraceMs + clockSkewMs),
    ),
  );
}
