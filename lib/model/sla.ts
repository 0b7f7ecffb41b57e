import { z } from 'zod';
import { operationKindSchema } from './operation.ts';

/*
 * A message that begins with "expected " is shown to people as it is, so it names what may stand there and nothing
 * else: what came instead, and where, is added by the reader of the file.
 */

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'expected lower-case letters, digits and dashes, at most 60');

/** A number with a unit. Twelve digits are more than any of them needs and keep the result finite. */
function quantity(factors: Readonly<Record<string, number>>, expected: string) {
  const units = Object.keys(factors).join('|');
  const pattern = new RegExp(`^\\s*(\\d{1,12}(?:\\.\\d{1,12})?)\\s*(${units})\\s*$`);
  return z
    .string({ error: expected })
    .regex(pattern, expected)
    .transform((text) => {
      const [, number, unit] = pattern.exec(text)!;
      // 99.9 × 0.01 is 0.9990000000000001 in binary; people mean the decimal.
      return Number((Number(number) * factors[unit!]!).toPrecision(12));
    });
}

/** `300ms`, `50s`, `2min` → milliseconds. */
export const durationSchema = quantity(
  { ms: 1, s: 1000, min: 60_000 },
  'expected a duration such as 300ms, 50s or 2min',
);
const limitDurationSchema = durationSchema.pipe(
  z.number().gt(0, 'expected a duration above 0, such as 300ms'),
);
const sliceDurationSchema = durationSchema.pipe(
  z.number().min(10, 'expected a duration of at least 10ms'),
);
/** `400/s`, `500/min` → a second. */
export const rateSchema = quantity(
  { '/s': 1, '/min': 1 / 60 },
  'expected a rate such as 400/s or 500/min',
);
const RATIO = 'expected a ratio: a percentage such as 0.1%, or a number from 0 to 1';
/** `0.1%` or a number from 0 to 1 → a ratio. */
export const ratioSchema = z.union(
  [
    quantity({ '%': 0.01 }, RATIO).pipe(z.number().max(1, 'expected a ratio of at most 100%')),
    z.number(RATIO).min(0, RATIO).max(1, RATIO),
  ],
  { error: RATIO },
);

/** Part of the run an objective looks at: operations that start in [from, to) after T₀; without it the whole run. */
export const windowSchema = z
  .strictObject({ from: durationSchema.prefault('0ms'), to: durationSchema.optional() })
  .refine(({ from, to }) => to === undefined || to > from, {
    message: 'expected an end that is later than the beginning',
    path: ['to'],
  });

/** How busy it was: operations that begin in a minute with more arrivals than `above`, or with at most `upTo`. */
export const activitySchema = z
  .strictObject({ above: rateSchema.optional(), upTo: rateSchema.optional() })
  .refine(({ above, upTo }) => (above === undefined) !== (upTo === undefined), {
    message: 'expected either `above` or `upTo`, with a rate such as 50/min',
  });

export type Activity = z.infer<typeof activitySchema>;

const scope = {
  id,
  operation: operationKindSchema.optional(),
  window: windowSchema.optional(),
  activity: activitySchema.optional(),
};
export type Scope = Pick<
  Extract<Objective, { kind: 'latency' }>,
  'operation' | 'window' | 'activity'
>;

/** One promise. `lte`: the value must not be above; `gte`: not below. */
export const objectiveSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...scope,
    kind: z.literal('latency'),
    quantile: z.number().gt(0).lt(1),
    lte: limitDurationSchema,
    /**
     * Whose latency counts. `answered`: every operation; one whose buyer was never told how it ended (`info`, or no
     * reply) counts as longer than any limit. `ok`: only operations that succeeded, so a dying target can look fast.
     */
    outcomes: z.enum(['answered', 'ok']).default('answered'),
  }),
  z.strictObject({
    ...scope,
    kind: z.literal('errorRatio'),
    lte: ratioSchema,
    /** Reasons that are no error, such as being sold out. */
    expected: z.array(z.string().max(60)).default([]),
    /**
     * What is counted. `operation`: every request. `intent`: everything somebody wanted, an error only if no attempt of
     * it succeeded or ended as expected.
     */
    unit: z.enum(['operation', 'intent']).default('operation'),
    /**
     * Whose ratio it is. `service`: that of the service, of which this run is a sample, with an interval. `run`: that of
     * this run alone, which is exact; a promise of 0 % can only be shown so.
     */
    of: z.enum(['service', 'run']).default('service'),
    /** Also judged in every sliding window of this length, so that an outage does not drown in the average. */
    sliding: sliceDurationSchema.optional(),
  }),
  z.strictObject({
    ...scope,
    kind: z.literal('goodput'),
    gte: rateSchema,
    /** A purchase counts only if it took at most this long. */
    within: limitDurationSchema.optional(),
  }),
  z.strictObject({ id, kind: z.literal('timeToSoldOut'), lte: limitDurationSchema }),
  /** The longest that anybody waited in this run: exact. One who was never told how it ended waited longer. */
  z.strictObject({ ...scope, kind: z.literal('longest'), lte: limitDurationSchema }),
  /**
   * What the target promises of its own machines, such as `user CPU of every node`. Nothing here can see them, so it is
   * written down and stays inconclusive.
   */
  z.strictObject({
    id,
    kind: z.literal('resource'),
    metric: z.string().min(1).max(100),
    promise: z.string().min(1).max(100),
  }),
  z.strictObject({
    ...scope,
    kind: z.literal('availability'),
    /** A slice is up if any operation that began in it was answered with neither a fault nor silence. */
    slice: sliceDurationSchema,
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

/** What makes a load count as delivered; see judgeValidity in lib/sla. */
export const validitySchema = z.strictObject({
  /** Intents never begun, or begun later than `lateAfter` against the plan. */
  maxDroppedRatio: ratioSchema.default(0.001),
  lateAfter: limitDurationSchema.prefault('1s'),
  /** 1 − delivered / offered. */
  maxAchievedDeficitRatio: ratioSchema.default(0.01),
  /** Of the whole machine, at the busiest sample. */
  maxGeneratorCpuRatio: ratioSchema.default(0.8),
  /** CPU time that others took from the machine, where it tells. */
  maxStealRatio: ratioSchema.default(0.1),
});

/** Every id once; the second bearer of a name is the mistake. */
function requireUniqueIds(objectives: readonly { id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  objectives.forEach(({ id }, index) => {
    if (seen.has(id))
      context.addIssue({
        code: 'custom',
        path: [index, 'id'],
        message: 'expected an id that no objective above has',
      });
    seen.add(id);
  });
}

/** thresholds/*.yaml. Unknown keys are errors. */
export const slaSchema = z.strictObject({
  apiVersion: z.literal('onsale/v1'),
  /** Of every interval; 0.95 unless told. */
  confidence: z.number().min(0.5).max(0.9999).default(0.95),
  validity: validitySchema.prefault({}),
  objectives: z.array(objectiveSchema).min(1).superRefine(requireUniqueIds),
});
export type Sla = z.infer<typeof slaSchema>;
