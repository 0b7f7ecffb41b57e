import {
  type Facts,
  isAsking,
  isLive,
  mayHaveHappened,
  type Row,
  targetDoubtMs,
} from '../facts.ts';

/*
 * Rows that name no intent may be of any that took tickets like theirs. Nobody knows which is whose, so they speak for all
 * intents of a kind or for none: those of one buyer, where rows name buyers, that asked for as much of one pool.
 */

/** When an intent can have made its row, on the target's clock; `to` is +∞ where it may not have made any. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface Claim extends Span {
  readonly intent: string;
  readonly pool: string;
  readonly quantity: number;
}

/** Whether an intent's row may be cancelled: one that names it is, or one that may be its own. */
export function mayBeCancelled(facts: Facts, intent: string): boolean {
  if (facts.cancelled?.has(intent) === true) return true;
  const claim = claimsOf(facts).get(intent);
  if (claim === undefined) return false;
  return facts.namelessRows.some(
    (row) => !isLive(row) && row.pool === claim.pool && mayBeOf(facts, row, intent),
  );
}

/**
 * Whether rows without names bear out that the intent took its tickets: as many as all who asked for the same need, or all
 * who were told yes, if it is one of them.
 */
export function isBorneOut(facts: Facts, intent: string): boolean {
  const claim = claimsOf(facts).get(intent);
  if (claim === undefined) return false;
  const kinds = lacking.get(facts.operations) ?? new Map<string, Lack>();
  lacking.set(facts.operations, kinds);
  const kind = kindOf(facts, claim);
  const lack = kinds.get(kind) ?? lackOf(facts, claim);
  kinds.set(kind, lack);
  return claim.to === Infinity ? lack.all === 0 : lack.sure === 0;
}

/** How many of a kind, and of those of it who were told yes, have no row however rows are given out. */
interface Lack {
  readonly all: number;
  readonly sure: number;
}

const lacking = new WeakMap<Facts['operations'], Map<string, Lack>>();

const kindOf = (facts: Facts, { intent, pool, quantity }: Claim) =>
  JSON.stringify([facts.buyerOf(intent), pool, quantity]);

function lackOf(facts: Facts, claim: Claim): Lack {
  const { intent, pool, quantity } = claim;
  const buyer = facts.buyerOf(intent);
  const kind = kindOf(facts, claim);
  const claims = [...claimsOf(facts).values()].filter((each) => kindOf(facts, each) === kind);
  const mayHave = (row: Row) =>
    facts.isOurs(row) ? row.buyer === buyer : facts.restsOn.fixture.exclusive;
  const rows = facts.namelessRows.filter(
    (row) => isLive(row) && row.pool === pool && row.quantity === quantity && mayHave(row),
  );
  return givenOut(facts, claims, rows);
}

function mayBeOf(facts: Facts, row: Row, intent: string): boolean {
  const buyer = facts.buyerOf(intent);
  return !facts.isOurs(row) || buyer === undefined || row.buyer === buyer;
}

const known = new WeakMap<Facts['operations'], ReadonlyMap<string, Claim>>();

/** Intents that took tickets or may have, and that no row names. */
function claimsOf(facts: Facts): ReadonlyMap<string, Claim> {
  const before = known.get(facts.operations);
  if (before !== undefined) return before;
  const claims = new Map<string, Claim>();
  const doubtMs = targetDoubtMs(facts);
  for (const each of facts.operations) {
    const { intent, pool, quantity } = each;
    if (!isAsking(each) || !mayHaveHappened(each) || facts.named.has(intent)) continue;
    const { from, to } = claims.get(intent) ?? { from: Infinity, to: Infinity };
    const end = each.outcome === 'ok' ? each.end + doubtMs : Infinity;
    claims.set(intent, {
      ...{ intent, pool, quantity },
      from: Math.min(from, each.start - doubtMs),
      to: to === Infinity ? end : Math.max(to, end === Infinity ? to : end),
    });
  }
  known.set(facts.operations, claims);
  return claims;
}

/** Each gets the next row of its time, those first whose time is over first: nothing leaves fewer without one. */
function givenOut({ restsOn }: Facts, claims: readonly Claim[], rows: readonly Row[]): Lack {
  const isDated = restsOn.fixture.rules?.clockSkewMs !== undefined;
  const dated = rows
    .flatMap(({ createdAt }) => (isDated ? (createdAt ?? []) : []))
    .sort((a, b) => a - b);
  let undated = rows.length - dated.length;
  let [all, sure] = [0, 0];
  for (const { from, to } of [...claims].sort(byEnd)) {
    const place = dated.findIndex((at) => at >= from && at <= to);
    if (place !== -1) dated.splice(place, 1);
    else if (undated > 0) undated--;
    else {
      all++;
      if (to < Infinity) sure++;
    }
  }
  return { all, sure };
}

const byEnd = (a: Span, b: Span) => (a.to === b.to ? 0 : a.to - b.to);
