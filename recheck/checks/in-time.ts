import {
  doubtOfState,
  type Facts,
  isAsking,
  isLive,
  mayHaveHappened,
  not,
  type Operation,
  type Outcome,
  type Row,
} from '../facts.ts';
import { byBuyer, type Stretch, stretchesOf } from './certain-holds.ts';
import {
  capacityOf,
  expiredAfter,
  isSoldOut,
  lackingForMost,
  mayRepeat,
  mostHeld,
} from './false-sold-out.ts';

/** An `ok` purchase or hold, or a row, from before the opening or after the closing. */
export function checkSaleWindow(facts: Facts): Outcome {
  const {
    opensAt = -Infinity,
    closesAt = Infinity,
    clockSkewMs = 0,
  } = facts.restsOn.fixture.rules ?? {};
  const slack = clockSkewMs + facts.clockErrorMs;
  for (const each of facts.shown.operations) {
    if (!isAsking(each) || each.outcome !== 'ok') continue;
    const { quantity: tickets } = each;
    if (each.end < opensAt - slack) {
      return { proven: true, tickets, because: 'it was sold before the opening' };
    }
    const tries = facts.operations.filter(
      (one) => one.intent === each.intent && isAsking(one) && mayHaveHappened(one),
    );
    const isAll = facts.allOperations && facts.restsOn.history.complete;
    if (isAll && tries.every(({ start }) => start > closesAt + slack)) {
      return { proven: true, tickets, because: 'it was first asked for after the closing' };
    }
  }
  if (doubtOfState(facts) !== null) return not('a sale outside, or a final state to rely on');
  for (const row of facts.shown.rows) {
    const { createdAt, quantity: tickets } = row;
    if (createdAt === undefined || facts.isStranger(row)) continue;
    if (createdAt < opensAt - slack || createdAt > closesAt + slack) {
      return { proven: true, tickets, because: 'its row was made outside the time of sale' };
    }
  }
  return not('a sale before the opening or after the closing');
}

/** Paid for when the hold was over, against the policy. */
export function checkPaidAfterExpiry(facts: Facts): Outcome {
  const { latePayment } = facts.restsOn.fixture.rules ?? {};
  if (latePayment === undefined || latePayment === 'accept') return not('such a policy');
  if (!facts.allOperations || !facts.allRows) return not('all operations and rows of the buyer');
  if (facts.mixed === null) return not('the run itself: some buyers asked for different things');
  if (!facts.restsOn.history.complete) return not('a complete history: a payment may be missing');
  const buyers = byBuyer(facts.operations);
  for (const pay of facts.shown.operations) {
    if (pay.kind !== 'pay' || !wasTaken(facts, pay) || facts.mixed.has(pay.intent)) continue;
    const own = buyers.get(pay.intent) ?? [];
    const asked = own.find(({ kind, outcome }) => kind === 'hold' && outcome === 'ok');
    const over = overAfter(facts, own);
    const pays = own.filter((each) => each.kind === 'pay' && mayHaveHappened(each));
    if (asked === undefined || pays.some(({ start }) => start <= over)) continue;
    if (latePayment === 'accept-if-capacity' && !isFull(facts, pay, asked.quantity)) continue;
    return {
      proven: true,
      tickets: asked.quantity,
      because: 'a payment was taken though its hold was over',
    };
  }
  return not('a payment that was taken too late');
}

/** It was acknowledged; or it got no reply, and the buyer's order is paid. */
function wasTaken(facts: Facts, { intent, outcome }: Operation): boolean {
  if (outcome !== 'info' || doubtOfState(facts) !== null) return outcome === 'ok';
  return facts.rows.some((row) => row.intent === intent && isLive(row) && row.state === 'paid');
}

/** After it the holds of a buyer are over, whatever tells of their end. */
function overAfter(facts: Facts, own: readonly Operation[]): number {
  const rules = facts.restsOn.fixture.rules ?? {};
  const { holdMs = Infinity, clockSkewMs = 0, expiryGraceMs = 0, latePayment } = rules;
  const graceMs = latePayment === 'reject-after-grace' ? expiryGraceMs : 0;
  const took = own.filter((each) => isAsking(each) && mayHaveHappened(each));
  if (took.some(({ kind, outcome }) => kind === 'purchase' || outcome === 'info')) return Infinity;
  const rows = facts.rows.filter(({ intent }) => intent === own[0]?.intent);
  const told = [...own, ...rows].flatMap(({ expiresAt }) => expiresAt ?? []);
  const ends = [...told, ...took.map(({ expiresAt, end }) => expiresAt ?? end + holdMs)];
  return ends.length === 0
    ? Infinity
    : Math.max(...ends) + graceMs + clockSkewMs + facts.clockErrorMs;
}

/** Others certainly held so much during all of it that the tickets cannot have been there. */
function isFull(facts: Facts, pay: Operation, quantity: number): boolean {
  const { pool, cancelled, mixed, clockErrorMs } = facts;
  if (pool === null || pool.id !== pay.pool || cancelled === null) return false;
  if (pool.remainingBefore !== null && pool.remainingBefore > pool.capacity) return false;
  const belowZero =
    doubtOfState(facts) === null && pool.remainingAfter !== null && pool.remainingAfter < 0;
  if (facts.restsOn.fixture.baselineOrders > 0 && !belowZero) return false;
  const from = pay.start - clockErrorMs;
  const to = pay.end + clockErrorMs;
  const throughout = (each: Stretch) => each.from <= from && each.to > to;
  let held = quantity;
  for (const [intent, own] of byBuyer(facts.operations)) {
    const asked = own.find(isAsking);
    if (intent === pay.intent || asked?.pool !== pool.id || mixed!.has(intent)) continue;
    if (stretchesOf(facts, intent, own).some(throughout)) held += asked.quantity;
  }
  return held > pool.capacity;
}

/** A live row of a hold that is over; or a reply that only holds that are over explain. */
export function checkLeakedHold(facts: Facts): Outcome {
  return facts.about.pool === null ? checkRow(facts) : checkProbe(facts);
}

function checkRow(facts: Facts): Outcome {
  const doubt = doubtOfState(facts);
  if (doubt !== null) return not(`a final state to rely on: ${doubt}`);
  if (facts.restsOn.state!.mayLag) return not('a reading that cannot lag behind');
  if (!facts.allOperations) return not('all operations of the buyer');
  if (facts.mixed === null) return not('the run itself: some buyers asked for different things');
  const buyers = byBuyer(facts.operations);
  for (const row of facts.shown.rows) {
    const own = row.intent === null ? undefined : buyers.get(row.intent);
    // What is missing may have paid for a row that does not say how it stands.
    const stands = row.state ?? (facts.restsOn.history.complete ? 'held' : 'unknown');
    if (own === undefined || !isLive(row) || stands !== 'held') continue;
    const asked = own.find(isAsking);
    if (facts.mixed.has(row.intent!) || !facts.knownPools.has(asked?.pool ?? '')) continue;
    const kept = own.filter(
      (each) => mayHaveHappened(each) && /^(purchase|hold|pay)$/.test(each.kind),
    );
    const readAt = facts.restsOn.state!.readAt - facts.clockErrorMs;
    const told = expiredAfter(facts, kept);
    // Then it was paid for after all, or may have been by a row that is not shown.
    if (told < readAt && (!facts.allRows || facts.rows.some(isPaidBy(row.intent)))) continue;
    if (Math.min(told, saidToEnd(facts, row)) >= readAt) continue;
    return {
      proven: true,
      tickets: row.quantity,
      because: 'a hold that was over still had its tickets when the target was read',
    };
  }
  return not('a live row of a hold that is over');
}

const isPaidBy =
  (intent: string | null) =>
  (row: Row): boolean =>
    row.intent === intent && row.state === 'paid' && isLive(row);

/** The end, with grace and skew, that a row tells of which it says that it is held. */
function saidToEnd({ restsOn }: Facts, { state, expiresAt = Infinity }: Row): number {
  const { expiryGraceMs = Infinity, clockSkewMs = 0 } = restsOn.fixture.rules ?? {};
  return state === 'held' ? expiresAt + expiryGraceMs + clockSkewMs : Infinity;
}

function checkProbe(facts: Facts): Outcome {
  const lacking = lackingForMost(facts);
  if (lacking !== null) return not(lacking);
  const pool = facts.pool!;
  for (const probe of facts.shown.operations) {
    const lacks = isSoldOut(probe) ? probe.quantity : exactly(probe) + 1;
    if (probe.intent !== facts.about.intent || probe.pool !== pool.id) continue;
    if (isSoldOut(probe) && mayRepeat(facts, probe)) continue;
    const { tickets, holders } = mostHeld(facts, probe);
    const leaky = mostHeld(facts, probe, true).tickets;
    const room = capacityOf(pool) - lacks;
    if (!(tickets <= room && leaky > room)) continue;
    return {
      proven: true,
      tickets,
      operations: holders + 1,
      because: `at most ${tickets} of ${pool.capacity} can have been held, unless expired holds were`,
    };
  }
  return not('a reply that only expired holds explain');
}

/** What a read that cannot lag behind said was left; NaN for anything else. */
function exactly({ kind, outcome, value, mayLag }: Operation): number {
  return kind === 'availability' && outcome === 'ok' && mayLag !== true ? (value ?? NaN) : NaN;
}
