import { z } from 'zod';

/** The parts of pretix' replies that the harness reads; other keys are ignored. */
const translated = z.record(z.string(), z.string());

export const versionSchema = z.object({ pretix: z.string().max(100) });

export const organizerSchema = z.object({ slug: z.string(), name: z.string() });

export const eventSchema = z.object({
  slug: z.string(),
  live: z.boolean(),
  currency: z.string(),
});

export const itemSchema = z.object({ id: z.int().min(1), name: translated });

export const quotaSchema = z.object({
  id: z.int().min(1),
  name: z.string(),
  size: z.int().nullable(),
  items: z.array(z.int()),
});

export const questionSchema = z.object({ id: z.int().min(1), identifier: z.string() });

/** `available_number` never goes below zero, so it cannot show an oversell; these sums can. */
export const availabilitySchema = z.object({
  paid_orders: z.int(),
  pending_orders: z.int(),
  exited_orders: z.int(),
  blocking_vouchers: z.int(),
  cart_positions: z.int(),
  total_size: z.int().nullable(),
});
export type Availability = z.infer<typeof availabilitySchema>;

/** `23.00` in cents. */
const cents = z
  .string()
  .regex(/^-?\d{1,9}\.\d{2}$/)
  .transform((price) => Number(price.replace('.', '')));

export const orderSchema = z.object({
  code: z.string().min(1).max(50),
  status: z.enum(['n', 'p', 'e', 'c']),
  email: z.string().nullable(),
  datetime: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  positions: z.array(z.object({ id: z.int(), item: z.int(), canceled: z.boolean().optional() })),
  payments: z.array(z.object({ local_id: z.int(), state: z.string(), amount: cents })).default([]),
  refunds: z.array(z.object({ local_id: z.int(), state: z.string(), amount: cents })).default([]),
});
export type PretixOrder = z.infer<typeof orderSchema>;

export const cartPositionSchema = z.object({
  id: z.int(),
  cart_id: z.string().max(200),
  item: z.int(),
  expires: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  attendee_name_parts: z.record(z.string(), z.unknown()).nullable().optional(),
});

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ count: z.int().min(0), results: z.array(item) });
