import { z } from 'zod';

/** The parts of the services' replies that the harness reads; other keys are ignored. */
const id = z.string().min(1).max(200);
/** Some forks number their orders. */
const anyId = z.union([id, z.int().transform(String)]);
const time = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number().finite());

export const accountSchema = z.object({ id: anyId });

export const eventSchema = z.object({ id, name: z.string(), ticketsLeft: z.int() });
export type ShopEvent = z.infer<typeof eventSchema>;

/** A ticket that is one unit; `orderId` while somebody has it. */
export const ticketSchema = z.object({ id, title: z.string(), orderId: anyId.nullish() });
export type ShopTicket = z.infer<typeof ticketSchema>;

export const orderSchema = z.object({
  id: anyId,
  userId: anyId.optional(),
  status: z.string().max(100),
  expiresAt: time.nullish(),
  /** The orders service's own copy: `id` is its own, `eventId` the event's. */
  event: z
    .object({
      id,
      eventId: id.optional(),
      ticketsLeft: z.int().optional(),
      version: z.int().optional(),
    })
    .nullish(),
  ticket: z.object({ id }).nullish(),
});
export type ShopOrder = z.infer<typeof orderSchema>;
