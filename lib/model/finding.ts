import { z } from 'zod';
import { operationSchema } from './operation.ts';
import { orderRowSchema, poolStateSchema } from './state.ts';

/**
 * What can be looked at to believe a finding: at most 10 operations and 10 rows, the fewest that show it, in a fixed
 * order (operations by start, then intent; rows by id).
 */
export const witnessSchema = z.strictObject({
  operations: z.array(operationSchema).max(10),
  rows: z.array(orderRowSchema).max(10),
  pools: z.array(poolStateSchema.extend({ capacity: z.int().min(0) })).max(10),
  /** Named figures the statement rests on, e.g. `{sold: 512, capacity: 500}`. */
  figures: z.record(z.string(), z.number()),
});
export type Witness = z.infer<typeof witnessSchema>;

/** Three values, never two: a check that cannot know says so and names what it lacks. */
export const findingSchema = z.discriminatedUnion('value', [
  z.strictObject({
    invariant: z.string(),
    value: z.literal('violated'),
    /** One sentence with the figures in it. */
    summary: z.string().max(500),
    /** How often it was found; the witness shows one of them. ≥ 1. */
    count: z.int().min(1),
    witness: witnessSchema,
  }),
  z.strictObject({
    invariant: z.string(),
    value: z.literal('holds'),
    summary: z.string().max(500),
    witness: witnessSchema,
  }),
  z.strictObject({
    invariant: z.string(),
    value: z.literal('unknown'),
    summary: z.string().max(500),
    /** What was missing and how to get it; at least one. */
    missing: z.array(z.string().max(300)).min(1),
    witness: witnessSchema.nullable(),
  }),
]);
export type Finding = z.infer<typeof findingSchema>;
export type FindingValue = Finding['value'];
