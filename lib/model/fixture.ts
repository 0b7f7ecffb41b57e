import { z } from 'zod';
import { rulesSchema } from './rules.ts';
import { SCHEMA_VERSION } from './schema-version.ts';

/** A stock of interchangeable tickets as it was before the first purchase. */
export const poolSchema = z.strictObject({
  /** As the target names it. */
  id: z.string().min(1).max(200),
  name: z.string().max(300),
  /** Tickets that may be sold from the first reading on: C of every claim. */
  capacity: z.int().min(0),
  /** What the target itself said was left at the first reading; null where it does not tell. */
  remaining: z.int().nullable(),
  /** Price of one ticket in the smallest unit of the currency; absent where money plays no part. */
  price: z.int().min(0).optional(),
  /** The seats there are, where buyers choose one; then `capacity` is their number. */
  seats: z.array(z.string().min(1).max(200)).optional(),
});
export type Pool = z.infer<typeof poolSchema>;

/**
 * The identity an intent acts under; `buyers[i]` belongs to `intents[i]`, and intents of one buyer name the same id. No
 * secret: it goes into artefacts.
 */
export const buyerSchema = z.strictObject({
  id: z.string().min(1).max(200),
  /** Money at the first reading, in the smallest unit of the currency; absent where the target keeps no account. */
  credit: z.int().optional(),
  /**
   * The order that provisioning has made ready for this intent, where buying is but its checkout. Intents of one buyer
   * have one each.
   */
  order: z.string().min(1).max(200).optional(),
});
export type Buyer = z.infer<typeof buyerSchema>;

/** fixture.json: what provisioning made or found on the target. */
export const fixtureSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** How it was made: `sql` reads rows, `http` only what the API shows. */
  access: z.enum(['sql', 'http']),
  /** Event name or slug, for people. */
  event: z.string().max(300),
  pools: z.array(poolSchema),
  /** What the protocol needs beside pools and buyers to say a request, such as a slug or the id of a question. No secrets. */
  data: z.record(z.string().max(200), z.string().max(1000)).optional(),
  /**
   * Somebody vouches that nobody else buys from the pools during the run, so a stranger's order in them is the shop's
   * own doing. Absent means no: others may be buying, and their orders accuse nobody.
   */
  exclusive: z.boolean().optional(),
  buyers: z.array(buyerSchema),
  /** What this sale promises beyond its capacities. Absent: nothing. */
  rules: rulesSchema.optional(),
  /** Orders that were there before; their ids are not the run's business. */
  baselineOrders: z.array(z.string().max(200)),
});
export type Fixture = z.infer<typeof fixtureSchema>;
