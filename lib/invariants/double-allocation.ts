import type { Finding } from '../model/finding.ts';
import type { OrderRow } from '../model/state.ts';
import { isCertainlyLive } from './certain-rows.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import { certainSpans, isTakenUnseen } from './holding-spans.ts';
import type { Evidence, Invariant } from './invariant.ts';
import type { Sale } from './sale.ts';
import { saleOf } from './sale.ts';
import { type Clash, clashesOf, isSeatContended, NO_SEAT, seatsOfIntents } from './seats.ts';
import { shortHoldGaps } from './short-holds.ts';

/*
 * Claims: one seat, one owner. Two live rows name the same seat of a pool, or two intents certainly held it at one moment
 * by what they were told: each from the end of its acknowledgement until it may have been given back or expired
 * (holding-spans.ts).
 *
 * Cannot see: seats that neither the fixture, replies nor rows name; two owners one of whom was cancelled at a time that nothing tells
 * (*unknown*); an owner whose row the read-back does not list. A held row whose time is over is no owner.
 *
 * Witness: the two rows; or the two acknowledgements.
 */
function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const trusted = sale.gaps.state.length === 0;
  const bySeat = liveRowsBySeat(evidence, sale);
  const twice = trusted ? [...bySeat.values()].filter((rows) => rows.length > 1) : [];
  const clashes = clashesOf(evidence, sale);
  const figures = { seatsInRows: bySeat.size, rowsTwice: twice.length, heldTwice: clashes.length };
  if (twice.length + clashes.length > 0) {
    const found = { twice, clashes, count: countSeats(evidence, sale, { twice, clashes }) };
    return asViolation(evidence, sale, found, figures);
  }
  return holdsUnless('double-allocation', {
    missing: [...sale.gaps.all, ...seatGaps(evidence, sale), ...shortGaps(evidence, sale)],
    summary: `${counted(bySeat.size, 'seat')} with an owner, none with two.`,
    witness: witnessOf(evidence, { rows: [...bySeat.values()].flat(), figures }),
  });
}

/** Numbers of the rows that certainly own each seat, by pool and seat. */
export function liveRowsBySeat(evidence: Evidence, sale: Sale): Map<string, number[]> {
  const bySeat = new Map<string, number[]>();
  sale.rows.forEach(({ pool, seat }, row) => {
    if (seat === undefined || !isCertainlyLive(evidence, sale, row)) return;
    const key = JSON.stringify([pool, seat]);
    bySeat.set(key, [...(bySeat.get(key) ?? []), row]);
  });
  return bySeat;
}

interface Found {
  readonly twice: readonly (readonly number[])[];
  readonly clashes: readonly Clash[];
  readonly count: number;
}

/** A seat that both rows and replies show twice is one seat. */
function countSeats(
  evidence: Evidence,
  sale: Sale,
  { twice, clashes }: Omit<Found, 'count'>,
): number {
  const spans = certainSpans(evidence);
  const seats = new Set(
    twice.map(([row]) => JSON.stringify([sale.rows[row!]!.pool, sale.rows[row!]!.seat])),
  );
  for (const { seat, later } of clashes) {
    const pool = sale.pools[sale.wants.pool[spans.intent[later]!]!]!.id;
    seats.add(JSON.stringify([pool, evidence.history.details!.seats[seat]!]));
  }
  return seats.size;
}

function asViolation(
  evidence: Evidence,
  sale: Sale,
  { twice, clashes, count }: Found,
  figures: Readonly<Record<string, number>>,
): Finding {
  const many = `${counted(count, 'seat')} with two owners: `;
  const [rows] = twice;
  if (rows !== undefined) {
    const { seat, pool } = sale.rows[rows[0]!]!;
    return violated('double-allocation', {
      count,
      summary: `${many}seat ${seat} of pool ${pool} has ${counted(rows.length, 'live row')}.`,
      witness: witnessOf(evidence, { rows: rows.slice(0, 2), figures }),
    });
  }
  const { seat, earlier, later } = clashes[0]!;
  const spans = certainSpans(evidence);
  return violated('double-allocation', {
    count,
    summary: `${many}seat ${evidence.history.details!.seats[seat]} was acknowledged to another buyer while it was held.`,
    witness: witnessOf(evidence, {
      operations: [spans.operation[earlier]!, spans.operation[later]!],
      figures,
    }),
  });
}

function seatGaps(evidence: Evidence, sale: Sale): string[] {
  const { state } = evidence;
  const gaps: string[] = [];
  if (state !== null && !state.exhaustive)
    gaps.push('Only the orders of this run’s buyers were read: read all orders (over SQL).');
  if (state !== null && !state.keepsCancelled)
    gaps.push(
      'The target does not keep cancelled orders, so some may have been held unseen: keep them.',
    );
  const isSeated = seatedPools(evidence, sale);
  const isUntold = ({ status, seat }: OrderRow, row: number) =>
    status === 'live' && seat === undefined && isSeated.has(sale.rowPool[row]!);
  if (sale.rows.some(isUntold)) gaps.push('Rows do not name their seat: read it back.');
  const unseen = sale.wants.cancelledRows.some(
    (rows, intent) => rows > 0 && isTakenUnseen(evidence, sale, intent),
  );
  if (unseen)
    gaps.push('Rows were cancelled at unknown times: record cancellations in the history.');
  if (!isSeatContended(evidence))
    gaps.push(
      'No two buyers asked for one seat at one moment, so nothing was tested: offer more buyers than seats.',
    );
  return gaps;
}

/** Pools of which the fixture, a row or a reply names a seat: a venue has standing room beside them. */
function seatedPools({ fixture, history }: Evidence, sale: Sale): Set<number> {
  const named = new Set(
    fixture.pools.filter(({ seats }) => seats !== undefined).map(({ id }) => id),
  );
  const seated = new Set(sale.pools.flatMap(({ id }, pool) => (named.has(id) ? [pool] : [])));
  sale.rows.forEach(({ seat }, row) => {
    if (seat !== undefined) seated.add(sale.rowPool[row]!);
  });
  history.details?.seat.forEach((seat, i) => {
    if (seat !== NO_SEAT) seated.add(sale.operationPool[i]!);
  });
  return seated;
}

function shortGaps(evidence: Evidence, sale: Sale): string[] {
  const seats = seatsOfIntents(evidence, sale);
  const seatsInAll = evidence.history.details?.seats.length ?? 0;
  const groupOf = (intent: number) =>
    seats[intent] === NO_SEAT ? -1 : sale.wants.pool[intent]! * seatsInAll + seats[intent]!;
  return shortHoldGaps(evidence, sale, { groupOf, limitOf: () => 1 });
}

export const doubleAllocation: Invariant = {
  id: 'double-allocation',
  statement: 'One seat, one owner',
  isBeside: ({ fixture, history, state }) => {
    const named =
      fixture.pools.some(({ seats }) => seats !== undefined) ||
      history.details?.seat.some((seat) => seat !== -1) === true ||
      state?.orders.some(({ seat }) => seat !== undefined) === true;
    return named ? null : 'The pools have no seats.';
  },
  decide,
};
