import { z } from 'zod';
import { orderStateSchema } from './operation.ts';
import { SCHEMA_VERSION } from './schema-version.ts';

/** One row of the target that is an effect of a purchase: an order, or one unit of it where units are rows. */
export const orderRowSchema = z.strictObject({
  /** The row's id as text: "1" and 1 are the same row. */
  id: z.string().min(1).max(200),
  pool: z.string().min(1).max(200),
  /** Tickets this row stands for. */
  quantity: z.int().min(0),
  /** `live` counts against the capacity; `cancelled` does not. */
  status: z.enum(['live', 'cancelled']),
  /** Key of the intent it belongs to, null where the row names none of this run's. */
  intent: z.string().max(200).nullable(),
  /** The identity the target recorded (user id, e-mail), for evidence; hostile text. */
  buyer: z.string().max(300),
  /** Where the order stands, where the target tells more than `status`. A `held` row is live. */
  state: orderStateSchema.optional(),
  seat: z.string().min(1).max(200).optional(),
  /** Money charged for it and not given back, in the smallest unit of the currency. */
  amount: z.int().optional(),
  /** When its hold ends, Unix epoch milliseconds on the target's clock. */
  expiresAt: z.number().finite().optional(),
  /** When the target says it was made, Unix epoch milliseconds on the target's clock. */
  createdAt: z.number().finite().optional(),
});
export type OrderRow = z.infer<typeof orderRowSchema>;

export const poolStateSchema = z.strictObject({
  id: z.string().min(1).max(200),
  /** What the target says is left; null where it does not tell. May be negative: that is evidence. */
  remaining: z.int().nullable(),
  /** What other parts of the target say is left, where each keeps its own counter and they have to agree in the end. */
  counters: z.array(z.strictObject({ name: z.string().max(100), remaining: z.int() })).optional(),
});
export type PoolState = z.infer<typeof poolStateSchema>;

/** A buyer's account as the target says it stands. */
export const accountSchema = z.strictObject({
  /** Of `fixture.buyers`. */
  buyer: z.string().min(1).max(200),
  /** In the smallest unit of the currency. May be negative: that is evidence. */
  credit: z.int(),
});
export type Account = z.infer<typeof accountSchema>;

/** One movement of money as the target keeps it. */
export const paymentRowSchema = z.strictObject({
  id: z.string().min(1).max(200),
  /** The order row's id, null where the payment names none. */
  order: z.string().max(200).nullable(),
  /** Key of the intent it belongs to, null where it names none of this run's. */
  intent: z.string().max(200).nullable(),
  amount: z.int().min(0),
  status: z.enum(['charged', 'refunded']),
});
export type PaymentRow = z.infer<typeof paymentRowSchema>;

/**
 * state.json: the final state F, everything the target says after it has settled. `orders` leaves out the baseline.
 * What a verdict may rest on is said by the three flags; where one is false, `caveats` tells why in words.
 */
export const stateSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  access: z.enum(['sql', 'http']),
  /** Two readings, one after the other and after a time of quiet, were identical. */
  settled: z.boolean(),
  /** Every page and every planned buyer was read, and counts agree with what the target announced. */
  complete: z.boolean(),
  /** `orders` lists every order of the pools, of strangers too, not only those of this run's buyers. */
  exhaustive: z.boolean(),
  /** Cancelled rows are kept by the target, so an absent row means that it never was. */
  keepsCancelled: z.boolean(),
  /**
   * The reading may come from a copy that lags behind (a replica, a cache): what it shows was so once, what it lacks may
   * yet come, however often it is read. Absent means no.
   */
  mayLag: z.boolean().optional(),
  caveats: z.array(z.string().max(500)),
  readings: z.int().min(0),
  /** Unix epoch milliseconds of the last reading. */
  readAt: z.number().finite(),
  pools: z.array(poolStateSchema),
  orders: z.array(orderRowSchema),
  /** Every buyer's account; absent where the target keeps none. */
  accounts: z.array(accountSchema).optional(),
  /** Every payment of the run's orders; absent where the target does not list them. */
  payments: z.array(paymentRowSchema).optional(),
});
export type State = z.infer<typeof stateSchema>;
