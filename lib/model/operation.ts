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

/**
 * What was asked of the target.
 * - `purchase`: tickets bought at one stroke. `ok` acquires `quantity` tickets at some moment of its interval.
 * - `hold`: tickets reserved until `expiresAt`; `ok` acquires them as a purchase does.
 * - `pay`: a held or placed order is paid; `ok` keeps its tickets for good.
 * - `cancel`: a hold or order is given back; `ok` releases its tickets at some moment of its interval.
 * - `availability`: a read of how many tickets of the pool are left, told in `value`.
 * - `status`: a read of the intent's order, told in `state`.
 * - `view`: a page or listing that claims nothing.
 */
export const operationKinds = [
  ...(['purchase', 'hold', 'pay', 'cancel'] as const),
  ...(['availability', 'status', 'view'] as const),
] as const;
export const operationKindSchema = z.enum(operationKinds);
export type OperationKind = z.infer<typeof operationKindSchema>;

/** Where an order stands; `none`: the target says that there is no such order. */
export const orderStates = ['none', 'held', 'paid', 'cancelled', 'expired'] as const;
export const orderStateSchema = z.enum(orderStates);
export type OrderState = z.infer<typeof orderStateSchema>;

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
  /** Tickets asked for, ≥ 1; 1 for a read. */
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
  /** The order or hold that was made or acted on, as the target names it. */
  order: z.string().min(1).max(200).optional(),
  /** The seat that was asked for or given. */
  seat: z.string().min(1).max(200).optional(),
  /** Tickets left, as an `availability` read told it. May be negative: that is evidence. */
  value: z.int().optional(),
  /** Where the order stands, as a `status` read told it. */
  state: orderStateSchema.optional(),
  /** When the hold ends on the target's own clock, Unix epoch milliseconds. */
  expiresAt: z.number().finite().optional(),
  /**
   * Money that moved if it is `ok`, and that did or would have if it is `info`, in the smallest unit of the currency:
   * charged by a purchase or payment, given back by a cancellation.
   */
  amount: z.int().min(0).optional(),
  /** The target declares that this read may come from a copy that lags behind. */
  mayLag: z.literal(true).optional(),
});
export type Operation = z.infer<typeof operationSchema>;
