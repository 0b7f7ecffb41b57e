import { z } from 'zod';
import { orderStateSchema } from './operation.ts';

/**
 * What a target does with a payment for a hold that has expired. `reject-after-grace`: it is rejected once the expiry has
 * been carried out, for which `expiryGraceMs` is the time; where news of it travels, a payment may overtake them.
 */
export const latePaymentSchema = z.enum([
  'reject',
  'reject-after-grace',
  'accept-if-capacity',
  'accept',
]);

/**
 * What a second request with the same key gets.
 * - `none`: keys mean nothing; a second request is a second purchase.
 * - `replay`: the saved reply, errors included (Stripe).
 * - `replay-final`: the saved reply, but 409, 429 and 5xx are not saved and may become something else (pretix).
 * - `conflict`: the saved reply; 409 while the first is in flight, 422 for another body (IETF draft-ietf-httpapi-idempotency-key-header).
 */
export const idempotencySchema = z.enum(['none', 'replay', 'replay-final', 'conflict']);

/** What a sale promises beyond its capacities; every key may be missing, and what is missing is not promised. */
export const rulesSchema = z.strictObject({
  /** Most tickets one buyer may own or hold at any moment, in all pools together. */
  buyerLimit: z.int().min(1).optional(),
  /** Nobody is sold anything before, or after; Unix epoch milliseconds on the target's clock. */
  opensAt: z.number().finite().optional(),
  closesAt: z.number().finite().optional(),
  /** How far the target's clock may differ from the generator's, ms; 0 where nothing is said. */
  clockSkewMs: z.number().min(0).optional(),
  /** How long a hold lasts, ms. */
  holdMs: z.number().min(0).optional(),
  /** How long after its expiry a hold may still keep its tickets, ms. */
  expiryGraceMs: z.number().min(0).optional(),
  latePayment: latePaymentSchema.optional(),
  idempotency: idempotencySchema.optional(),
  /** The states an order can move to from each state, in one step. A state that is no key is final. */
  moves: z.partialRecord(orderStateSchema, z.array(orderStateSchema)).optional(),
  /** A sale takes stock, money and the order's state together, or none of them. */
  atomic: z.literal(true).optional(),
});
export type Rules = z.infer<typeof rulesSchema>;
