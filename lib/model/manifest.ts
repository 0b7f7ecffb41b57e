import { z } from 'zod';
import { planSchema } from './plan.ts';
import { SCHEMA_VERSION } from './schema-version.ts';

/** How the clock of the generator's machine went against its steady one, which nobody sets, while the run lasted. */
export const clockAccountSchema = z.strictObject({
  /** How often the two were compared. */
  samples: z.int().min(1),
  /** Most that the clock certainly went off between any two of them, by a step or slowly, ms. */
  deviationMsMax: z.number().min(0).finite(),
  /** How much further off than `rules.clockSkewMs` the target's clock may have been at the read-back, ms; absent: not at all. */
  targetDriftMs: z.number().min(0).finite().optional(),
});
export type ClockAccount = z.infer<typeof clockAccountSchema>;

/** The generator's own account of the load, reconciled with the history. */
export const loadAccountSchema = z.strictObject({
  /** T₀, Unix epoch milliseconds; null where the barrier was never reached. */
  startedAt: z.number().nullable(),
  /** Arrivals the plan asked for. */
  offered: z.int().min(0),
  /** Operations in the history. */
  recorded: z.int().min(0),
  /** Requests k6 counted as begun; null where k6 left no summary. */
  requested: z.int().min(0).nullable(),
  /** Nothing that was requested is missing from the history: `recorded === requested`, no line cut or unreadable. */
  complete: z.boolean(),
  /** Why the history is not complete, in words; empty where it is. */
  gaps: z.array(z.string().max(500)),
  /** Highest and mean CPU use of the generator, 0–1 of the whole machine; null where it was not measured. */
  generatorCpuRatioMax: z.number().min(0).nullable(),
  generatorCpuRatioMean: z.number().min(0).nullable(),
  /** CPU time that others took from this machine (steal), 0–1; null where it is not told. */
  stealRatio: z.number().min(0).nullable(),
  /** Absent in runs from before it was measured. */
  clock: clockAccountSchema.optional(),
});
export type LoadAccount = z.infer<typeof loadAccountSchema>;

/**
 * What is known of a history that another tool recorded: how much was taken over, and what its bearer vouches for.
 * A word is no measurement, so the verdict names it as one.
 */
export const importedSchema = z.strictObject({
  /** Operations that were taken over. */
  operations: z.int().min(0),
  /** Resolution of the recorder's clock plus the error between its clocks, ms: intervals are widened by it. */
  clockErrorMs: z.number().min(0).max(60_000),
  vouched: z.strictObject({
    /** No request is missing from the history. */
    historyComplete: z.boolean(),
    /** The load that was meant is the load that was sent. */
    loadDelivered: z.boolean(),
    /** The clocks are off by no more than `clockErrorMs`. Where nobody says so it is taken as given, but accuses nobody. */
    clocks: z.boolean().optional(),
  }),
});
export type Imported = z.infer<typeof importedSchema>;

export const runStages = ['provision', 'load', 'settle', 'judged'] as const;

/** manifest.json: what was asked and how far it came. No secrets, ever. */
export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  runId: z.string().min(1).max(100),
  scenario: z.string().max(100),
  target: z.string().max(100),
  /** Base URL without user info or query; empty where it is not known. */
  url: z.string().max(2000),
  /** The target's own options, where it has any. */
  options: z.record(z.string().max(100), z.string().max(1000)).optional(),
  /** Null for an imported history: nobody knows what was meant. */
  plan: planSchema.nullable(),
  /** `k6` is null where none was used. */
  versions: z.strictObject({ onsale: z.string(), node: z.string(), k6: z.string().nullable() }),
  createdAt: z.iso.datetime(),
  /**
   * `running` until the last file is written: a run found in this state was killed. `stage` is the last stage that
   * was entered.
   */
  status: z.enum(['running', 'complete', 'interrupted', 'failed']),
  stage: z.enum(runStages),
  /** What went wrong in words; empty for a complete run. */
  trouble: z.array(z.string().max(1000)),
  load: loadAccountSchema.nullable(),
  /** Only where the history was not recorded by this run. */
  imported: importedSchema.optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;
