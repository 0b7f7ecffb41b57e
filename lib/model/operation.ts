import { z } from 'zod';

/**
 * How an operation ended.
 * - `ok`: it happened.
 * - `refused`: the target said no for a business reason (sold out); that is evidence too.
 * - `fail`: it certainly did not happen.
 * - `info`: it may or may not have happened (time-out, reset, 5xx on a write); for the judge its end is +∞.
 */
export const outcomes = ['ok', 'refused', 'fail', 'info'] as const;
export const outcomeSchema = z.enum(outcomes);
export type Outcome = z.infer<typeof outcomeSchema>;

export const operationKinds = ['purchase'] as const;
export const operationKindSchema = z.enum(operationKinds);
export type OperationKind = z.infer<typeof operationKindSchema>;

/** Longest telling part of a reply that is kept, in UTF-16 code units. */
export const REPLY_LENGTH_MAX = 300;

/**
 * One request on behalf of an intent, as it happened: one line of history.ndjson.
 * Times are Unix epoch milliseconds on the generator's clock, whole numbers; `end` is when the reply had been read or
 * the client gave up. The interval is closed: the request may have taken effect at `start` and at `end`.
 */
export const operationSchema = z.strictObject({
  /** The virtual user, ≥ 1. Its operations never overlap. The limit is that of a column of 32-bit integers. */
  session: z.int().min(0).max(0x7fff_ffff),
  /** The intent's key, unique in the run, derived from run id and index. */
  intent: z.string().min(1).max(200),
  kind: operationKindSchema,
  /** The pool's id as the target names it. */
  pool: z.string().min(1).max(200),
  /** Tickets asked for, ≥ 1. */
  quantity: z.int().min(1).max(1_000_000),
  start: z.number().finite(),
  end: z.number().finite(),
  outcome: outcomeSchema,
  /** HTTP status; 0 where no reply came. */
  status: z.int().min(0).max(999),
  /**
   * Why it was not `ok`, one short class: `sold-out`, `timeout`, `connection-refused`, `connection-reset`,
   * `http-500`, `client-error`, `unreadable-reply`, …; the empty string for `ok`.
   */
  reason: z.string().max(60),
  /** The reply's telling part, cut to {@link REPLY_LENGTH_MAX}; hostile text, escape it wherever it is shown. */
  reply: z.string().max(REPLY_LENGTH_MAX),
});
export type Operation = z.infer<typeof operationSchema>;
