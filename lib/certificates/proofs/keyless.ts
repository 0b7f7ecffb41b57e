import { acknowledgedForGood } from '../../invariants/lost-purchase.ts';
import { deedsOf, lossesOf } from '../../invariants/too-few-rows.ts';
import {
  refusedOf,
  requestsBehind,
  type Surpluses,
  unaskedOf,
} from '../../invariants/too-many-rows.ts';
import { allOrNone, type Case, type Proof } from '../proof.ts';

/*
 * Proofs where rows name no intent, so that sets of purchases are held against sets of rows. They are about a pool, and a
 * buyer where all of them have the same one.
 */

/**
 * More purchases than rows that can be theirs. Shows all purchases, holds, payments and cancellations of them, or where
 * those are too many none, and then is about all of that time; and the rows. Counts both, and the rows' tickets. Null
 * where there are rows enough.
 */
export function proveTooFewRows({ evidence, sale }: Case): Proof | null {
  if (sale.nameless.count === 0) return null;
  const losses = lossesOf(evidence, acknowledgedForGood(sale));
  if (losses === null || losses.loss === null) return null;
  const { pool, buyer, intents, rows, within } = losses.loss;
  const deeds = deedsOf(evidence, intents);
  return {
    ...{ key: null, pool, asked: null, ...buyerOf(evidence, buyer) },
    ...(within === null || !Number.isFinite(within.from) ? {} : { from: within.from }),
    ...(within === null || !Number.isFinite(within.to) ? {} : { to: within.to }),
    operations: within === null ? deeds : [],
    rows: allOrNone(rows),
    counts: {
      operations: deeds.length,
      rows: rows.length,
      tickets: rows.reduce((sum, row) => sum + sale.rows[row]!.quantity, 0),
    },
  };
}

/**
 * More tickets in rows than were asked for by then. Shows the rows and all purchases, holds and payments of the intents
 * that can have made them, where they are few; counts both, and the live rows' tickets.
 */
function proofOf({ evidence }: Case, surpluses: Surpluses | null): Proof | null {
  if (surpluses === null) return null;
  const { surplus } = surpluses;
  const { pool, buyer, until, rows, tickets } = surplus;
  const operations = requestsBehind(evidence, surplus);
  return {
    ...{ key: null, pool, asked: null, ...buyerOf(evidence, buyer) },
    ...(Number.isFinite(until) ? { to: until } : {}),
    operations: allOrNone(operations),
    rows: allOrNone(rows),
    counts: { operations: operations.length, rows: rows.length, tickets },
  };
}

/** Null where all rows can be explained. */
export const proveUnasked = (of: Case): Proof | null => proofOf(of, unaskedOf(of.evidence));

/** Null where no rows are left for refused requests. */
export const proveRefused = (of: Case): Proof | null => proofOf(of, refusedOf(of.evidence));

/** Buyers are numbered by their first mention; none where the number is negative. */
function buyerOf({ fixture }: Case['evidence'], number: number) {
  const buyer = [...new Set(fixture.buyers.map(({ id }) => id))][number];
  return buyer === undefined ? {} : { buyer };
}
