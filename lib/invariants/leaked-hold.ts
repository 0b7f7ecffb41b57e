import { membersOf, membersWhere } from '../history/grouping.ts';
import { AVAILABILITY, HOLD, INFO, OK } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import { heldByPool, rowsApart, tellsSoldOut } from './held-tickets.ts';
import { expiredAt } from './holding-spans.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { ownerlessRows } from './ownerless-rows.ts';
import type { Sale } from './sale.ts';
import { saleOf } from './sale.ts';

/*
 * Claims: the tickets of a hold that has expired come back, at the latest when the grace that the rules allow is over. An
 * unpaid hold that still has a live row then has leaked; a row that says that it is held tells by itself when it ends. So
 * has one if a buyer is told *sold out*, or an availability read shows fewer tickets, though by everything that can have
 * been held (held-tickets.ts) there were more, and only the expired holds could explain it.
 *
 * Cannot see: leaks at a shop where others may have held the tickets, or whose orders are not all listed or kept when they
 * are cancelled; holds that were made by requests without an answer and whose rows do not tell their end; leaks that nobody
 * noticed because tickets were left.
 *
 * Witness: the hold and its row; or the refusal or read, and the most that can have been held.
 */
interface Leaks {
  /** Live rows of holds that are over. */
  readonly rows: readonly number[];
  /** Refusals and reads that only expired holds can explain. */
  readonly probes: readonly { readonly operation: number; readonly held: number }[];
  /** Holds that are over before the read-back. */
  readonly expired: number;
  /** Live rows that are held, or may be, and nobody knows until when or by whom. */
  readonly open: number;
}

function leaksOf(evidence: Evidence, sale: Sale): Leaks {
  const { state, clockErrorMs, historyComplete } = evidence;
  // Without a state there is a gap.
  const isSeen = sale.gaps.state.length === 0 && state!.mayLag !== true;
  const readAt = state === null ? Number.NEGATIVE_INFINITY : state.readAt - clockErrorMs;
  const rows: number[] = [];
  let expired = 0;
  let open = 0;
  sale.wants.pool.forEach((pool, intent) => {
    if (pool < 0 || sale.wants.holds[intent] === 0) return;
    const live = liveRowsOf(sale, intent);
    const isOver = expiredAt(evidence, sale, intent) < readAt;
    // It was paid for after all, though nobody says when.
    if (isOver && live.some((row) => sale.rows[row]!.state === 'paid')) return;
    // One that does not say how it stands is held only if nothing that is missing can have paid for it.
    const silent = isOver && historyComplete ? 'held' : undefined;
    const held = live.filter((row) => (sale.rows[row]!.state ?? silent) === 'held');
    const leaked = held.filter((row) => heldUntil(evidence, sale, row) < readAt);
    open += held.filter(
      (row) => heldUntil(evidence, sale, row) === Number.POSITIVE_INFINITY,
    ).length;
    if (!isOver && isUnpaid(sale, intent))
      open += live.filter((row) => sale.rows[row]!.state === undefined).length;
    if (isOver || leaked.length > 0) expired++;
    rows.push(...leaked);
  });
  const unpaid = sale.nameless.places.filter((row) => {
    const { status, state: stands } = sale.rows[row]!;
    return status === 'live' && stands !== 'paid';
  });
  open += Math.min(unpaid.length, ownerlessRows(evidence));
  return {
    rows: isSeen ? rows : [],
    probes: isSeen && canJudgeProbes(evidence) ? wrongProbes(evidence, sale) : [],
    expired,
    open: isSeen ? open : 0,
  };
}

/** Nobody bought it or paid for it, or can have. */
function isUnpaid({ wants }: Sale, intent: number): boolean {
  const bought = wants.purchases[intent]! | wants.pays[intent]!;
  return (bought & ((1 << OK) | (1 << INFO))) === 0;
}

/** When the hold of a row is over with grace and skew, by what its intent was told or by what the row says itself. */
function heldUntil(evidence: Evidence, sale: Sale, row: number): number {
  const { expiryGraceMs = Number.POSITIVE_INFINITY, clockSkewMs = 0 } =
    evidence.fixture.rules ?? {};
  const { expiresAt = Number.POSITIVE_INFINITY } = sale.rows[row]!;
  const told = expiredAt(evidence, sale, sale.rowIntent[row]!);
  return Math.min(told, expiresAt + expiryGraceMs + clockSkewMs);
}

function liveRowsOf(sale: Sale, intent: number): number[] {
  return membersWhere(sale.rowsByIntent, intent, (row) => sale.rows[row]!.status === 'live');
}

/** Whoever held a ticket at any time is in the history or has left a row that was read. */
function canJudgeProbes({ history, historyComplete, state }: Evidence): boolean {
  if (!historyComplete || !state!.exhaustive || !state!.keepsCancelled) return false;
  return !history.start.some((start, i) => history.end[i]! < start);
}

/** In an exact read of v, and in a refusal of q, that much more was gone than can have been. */
function wrongProbes(evidence: Evidence, sale: Sale): Leaks['probes'] {
  const { history } = evidence;
  const { strangers } = rowsApart(sale);
  const found: { operation: number; held: number }[] = [];
  sale.pools.forEach((fixed, pool) => {
    if (strangers[pool] === 1) return;
    const capacity = Math.min(fixed.capacity, fixed.remaining ?? fixed.capacity);
    const held = heldByPool(evidence, sale)[pool]!;
    held.operations.forEach((operation, k) => {
      const lacking = tellsSoldOut(evidence, operation)
        ? history.quantity[operation]!
        : exactRead(evidence, operation) + 1;
      if (Number.isNaN(lacking)) return;
      const room = capacity - lacking;
      // The costly bound is asked for only where the cheap one does not excuse.
      if (held.forGoodMost(k) > room) return;
      const passing = held.forAMomentMost(k);
      if (held.forGoodMost(k) + passing > room) return;
      if (held.leakyMost(k) + passing <= room) return;
      found.push({ operation, held: held.forGoodMost(k) + passing });
    });
  });
  return found.sort((a, b) => a.operation - b.operation);
}

/** What an availability read that cannot lag behind said was left; NaN for anything else. */
function exactRead({ history }: Evidence, i: number): number {
  if (history.kind[i] !== AVAILABILITY || history.outcome[i] !== OK) return Number.NaN;
  if (history.details?.mayLag[i] === 1) return Number.NaN;
  return history.details?.value[i] ?? Number.NaN;
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const { rows, probes, expired, open } = leaksOf(evidence, sale);
  const figures = { expired, stillHeld: rows.length, turnedAway: probes.length };
  const [row] = rows;
  if (row !== undefined) {
    const intent = sale.rowIntent[row]!;
    const overdueMs = evidence.state!.readAt - heldUntil(evidence, sale, row);
    const holds = membersOf(sale.operationsByIntent, intent).filter(
      (i) => evidence.history.kind[i] === HOLD && evidence.history.outcome[i] === OK,
    );
    return violated('leaked-hold', {
      count: rows.length + probes.length,
      summary: `${counted(rows.length, 'hold')} still had tickets after their time: one ${overdueMs} ms after its grace.`,
      witness: witnessOf(evidence, {
        operations: holds,
        rows: [row],
        figures: { ...figures, overdueMs },
      }),
    });
  }
  const [probe] = probes;
  if (probe !== undefined) {
    const pool = sale.operationPool[probe.operation]!;
    const { id, capacity } = sale.pools[pool]!;
    return violated('leaked-hold', {
      count: probes.length,
      summary:
        `${probes.length} refused or told too little where only expired holds explain it: at most ${probe.held} of ${capacity} in ` +
        `pool ${id} can have been held at one of them.`,
      witness: witnessOf(evidence, {
        operations: [probe.operation],
        pools: [pool],
        figures: { ...figures, capacity, heldMost: probe.held },
      }),
    });
  }
  const missing = [...sale.gaps.all];
  if (expired === 0)
    missing.push(
      'No hold was certainly over before the target was read: let some buyers never pay, and wait.',
    );
  if (open > 0)
    missing.push(
      `${counted(open, 'row')} of holds still there, and nobody tells when they end: read expiries with the orders.`,
    );
  if (evidence.state?.mayLag === true)
    missing.push(
      'The reading may lag behind, so it does not show that holds are gone: read the shop’s own database.',
    );
  return holdsUnless('leaked-hold', {
    missing,
    summary: `${counted(expired, 'hold')} expired, none of them still has tickets.`,
    witness: witnessOf(evidence, { figures }),
  });
}

export const leakedHold: Invariant = {
  id: 'leaked-hold',
  statement: 'An expired hold comes back',
  isBeside: ({ fixture, history, historyComplete }) => {
    if (fixture.rules?.expiryGraceMs === undefined)
      return 'It is not promised how long after its expiry a hold may keep its tickets.';
    const isHeld = history.kind.includes(HOLD);
    return historyComplete && history.length > 0 && !isHeld
      ? 'Nobody held tickets, so nothing could expire.'
      : null;
  },
  decide,
};
