import { z } from 'zod';
import { operationKindSchema } from './operation.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'lower-case letters, digits and dashes');

function quantity(pattern: RegExp, factors: Record<string, number>, expected: string) {
  return z.string().transform((text, context) => {
    const match = pattern.exec(text.trim());
    const factor = match === null ? undefined : factors[match[2] ?? ''];
    if (match === null || factor === undefined) {
      context.addIssue({ code: 'custom', message: `expected ${expected}, got "${text}"` });
      return z.NEVER;
    }
    return Number(match[1]) * factor;
  });
}

const number = String.raw`(\d+(?:\.\d+)?)`;
/** `300ms`, `50s`, `2min` → milliseconds. */
export const durationSchema = quantity(
  new RegExp(`^${number}\\s*(ms|s|min)$`),
  { ms: 1, s: 1000, min: 60_000 },
  'a duration such as 300ms, 50s or 2min',
);
/** `400/s`, `500/min` → a second. */
export const rateSchema = quantity(
  new RegExp(`^${number}\\s*(/s|/min)$`),
  { '/s': 1, '/min': 1 / 60 },
  'a rate such as 400/s or 500/min',
);
/** `0.1%` or a number from 0 to 1 → a ratio. */
export const ratioSchema = z.union(
  [
    quantity(new RegExp(`^${number}\\s*(%)$`), { '%': 0.01 }, 'a percentage such as 0.1%').pipe(
      z.number().min(0).max(1),
    ),
    z.number().min(0).max(1),
  ],
  { error: 'expected a ratio: a percentage such as 0.1%, or a number from 0 to 1' },
);

/** Part of the run an objective looks at, from T₀; without it the whole run. */
export const windowSchema = z.strictObject({
  from: durationSchema.default(0),
  to: durationSchema.optional(),
});

const scope = {
  id,
  operation: operationKindSchema.optional(),
  window: windowSchema.optional(),
};

/** One promise. `lte`: the value must not be above; `gte`: not below. */
export const objectiveSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...scope,
    kind: z.literal('latency'),
    quantile: z.number().gt(0).lt(1),
    lte: durationSchema,
    /** Which operations' latency counts; those that never ended count as longer than any limit. */
    outcomes: z.enum(['answered', 'ok']).default('answered'),
  }),
  z.strictObject({
    ...scope,
    kind: z.literal('errorRatio'),
    lte: ratioSchema,
    /** Reasons that are no error, such as being sold out. */
    expected: z.array(z.string().max(60)).default([]),
    /** Also judged in every sliding window of this length, so that an outage does not drown in the average. */
    sliding: durationSchema.optional(),
  }),
  z.strictObject({
    ...scope,
    kind: z.literal('goodput'),
    gte: rateSchema,
    /** A purchase counts only if it took at most this long. */
    within: durationSchema.optional(),
  }),
  z.strictObject({ id, kind: z.literal('timeToSoldOut'), lte: durationSchema }),
  z.strictObject({
    ...scope,
    kind: z.literal('availability'),
    /** A slice is up if any operation that began in it was answered with neither a fault nor silence. */
    slice: durationSchema,
    gte: ratioSchema,
  }),
  z.strictObject({
    id,
    kind: z.literal('invariants'),
    /** Only these; without it all that can be decided. Unknown ones make the objective inconclusive. */
    only: z.array(z.string().max(60)).min(1).optional(),
    /** Invariants that this target is not asked about, each to be defended in a comment. */
    except: z.array(z.string().max(60)).min(1).optional(),
  }),
]);
export type Objective = z.infer<typeof objectiveSchema>;

export const validitySchema = z.strictObject({
  maxDroppedRatio: ratioSchema.default(0.001),
  maxAchievedDeficitRatio: ratioSchema.default(0.01),
  maxGeneratorCpuRatio: ratioSchema.default(0.8),
});

/** thresholds/*.yaml. Unknown keys are errors. */
export const slaSchema = z.strictObject({
  apiVersion: z.literal('onsale/v1'),
  confidence: z.number().min(0.5).max(0.9999).default(0.95),
  validity: validitySchema.prefault({}),
  objectives: z
    .array(objectiveSchema)
    .min(1)
    .refine((list) => new Set(list.map((o) => o.id)).size === list.length, 'ids must be unique'),
});
export type Sla = z.infer<typeof slaSchema>;
