import { z } from 'zod';

/** The parts of the box office's replies that the harness reads; see docs/reference-api.md. */
const id = z.string().min(1).max(200);
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

export const healthSchema = z.object({
  service: z.literal('onsale-box-office'),
  api: z.literal(1),
  now: time,
});

export const eventSchema = z.object({
  id,
  name: z.string(),
  opensAt: time.nullable(),
  closesAt: time.nullable(),
  limitPerBuyer: z.int().min(1).nullable(),
  holdMs: z.int().min(1),
  latePayment: z.enum(['reject', 'accept-if-capacity', 'accept']),
  pools: z.array(
    z.object({
      id,
      name: z.string(),
      capacity: z.int().min(0),
      priceCents: z.int().min(0),
      seated: z.boolean(),
    }),
  ),
});
export type BoxEvent = z.infer<typeof eventSchema>;

export const poolSchema = z.object({ id, capacity: z.int(), remaining: z.int() });

export const buyerSchema = z.object({ id: z.string(), creditCents: z.int() });

export const orderSchema = z.object({
  id,
  pool: id,
  buyer: z.string().max(300),
  quantity: z.int().min(0),
  seats: z.array(z.string().min(1).max(200)),
  status: z.enum(['held', 'paid', 'cancelled', 'expired']),
  chargedCents: z.int(),
  intent: z.string().max(200).nullable(),
  createdAt: time,
  expiresAt: time.nullable(),
});
export type BoxOrder = z.infer<typeof orderSchema>;

export const paymentSchema = z.object({ id, order: id, amountCents: z.int() });
export type BoxPayment = z.infer<typeof paymentSchema>;

/** Known by the whole listing having been read. */
export const pageOf = <Name extends string, Item extends z.ZodType>(name: Name, item: Item) =>
  z.object({ total: z.int().min(0), [name]: z.array(item) } as {
    total: z.ZodInt;
  } & Record<Name, z.ZodArray<Item>>);
