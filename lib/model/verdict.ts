import { z } from 'zod';
import { findingSchema } from './finding.ts';
import { SCHEMA_VERSION } from './schema-version.ts';

/** Units a measured value can have; milliseconds are shown as such, `ratio` is 0–1. */
export const units = ['ms', 'ratio', 'perSecond', 'count'] as const;
export const unitSchema = z.enum(units);
export type Unit = z.infer<typeof unitSchema>;

const bound = z.number().finite().nullable();

/** A measured value with its interval [low, high] at the file's confidence; null bounds are unbounded. */
export const measurementSchema = z.strictObject({
  unit: unitSchema,
  value: z.number().finite().nullable(),
  low: bound,
  high: bound,
  samples: z.int().min(0),
  /** How the interval was made, e.g. `batch means, 20 batches` or `exact binomial`. */
  method: z.string().max(100),
});
export type Measurement = z.infer<typeof measurementSchema>;

export const objectiveResultSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  /** The promise in words, e.g. `p99 of purchase ≤ 300 ms`. */
  promise: z.string().max(300),
  result: z.enum(['pass', 'fail', 'inconclusive']),
  limit: z
    .strictObject({ direction: z.enum(['lte', 'gte']), value: z.number().finite() })
    .nullable(),
  measurement: measurementSchema.nullable(),
  /** Why it is so, one sentence. */
  because: z.string().max(500),
});
export type ObjectiveResult = z.infer<typeof objectiveResultSchema>;

/** One condition for the load to count as delivered. */
export const validityResultSchema = z.strictObject({
  id: z.string(),
  result: z.enum(['pass', 'fail', 'inconclusive']),
  because: z.string().max(500),
  value: z.number().finite().nullable(),
  limit: z.number().finite().nullable(),
});
export type ValidityResult = z.infer<typeof validityResultSchema>;

/** Figures everybody wants first, from the history. */
export const totalsSchema = z.strictObject({
  offered: z.int().min(0),
  delivered: z.int().min(0),
  operations: z.int().min(0),
  outcomes: z.strictObject({
    ok: z.int(),
    refused: z.int(),
    fail: z.int(),
    info: z.int(),
  }),
  /** Tickets acknowledged, and the capacity of all pools. */
  soldAcknowledged: z.int().min(0),
  capacity: z.int().min(0),
  /** Lateness of arrivals against the plan, ms; null without arrivals. */
  skewMsP50: z.number().nullable(),
  skewMsP99: z.number().nullable(),
  skewMsMax: z.number().nullable(),
  latencyMsP50: z.number().nullable(),
  latencyMsP95: z.number().nullable(),
  latencyMsP99: z.number().nullable(),
  /**
   * First come, first served: pairs of buyers admitted to one pool, those certainly served in the other order, and
   * Kendall's τ of arrival and admission, −1 to 1. Absent where no two buyers were admitted to one pool, or clocks tell no order.
   */
  fairness: z
    .strictObject({
      inversions: z.int().min(0),
      pairs: z.int().min(1),
      kendallTau: z.number().min(-1).max(1),
    })
    .optional(),
});
export type Totals = z.infer<typeof totalsSchema>;

/** verdict.json: reproducible byte for byte from the run's other files and the SLA file. */
export const verdictSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  run: z.strictObject({
    runId: z.string(),
    scenario: z.string(),
    target: z.string(),
    /** Empty where it is not known. */
    url: z.string(),
    createdAt: z.string(),
    /** Null where there was no plan. */
    seed: z.int().nullable(),
  }),
  result: z.enum(['pass', 'fail', 'inconclusive']),
  /** The run was interrupted or killed: what was recorded has been judged as far as it goes. */
  interrupted: z.boolean(),
  /** What decided, most important first; one sentence each. */
  reasons: z.array(z.string().max(600)),
  totals: totalsSchema,
  validity: z.array(validityResultSchema),
  objectives: z.array(objectiveResultSchema),
  findings: z.array(findingSchema),
  /** Claims that say nothing about this sale, such as one about seats where there are none. */
  notJudged: z.array(z.strictObject({ invariant: z.string(), because: z.string().max(300) })),
});
export type Verdict = z.infer<typeof verdictSchema>;
