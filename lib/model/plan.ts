import { z } from 'zod';
import { SCHEMA_VERSION } from './schema-version.ts';

/** How many buyers want how many tickets: `weight` is relative, > 0. */
export const quantityShareSchema = z.strictObject({
  quantity: z.int().min(1).max(1000),
  weight: z.number().positive().finite(),
});
export type QuantityShare = z.infer<typeof quantityShareSchema>;

/** One of a scenario's stories and how often it is played: `weight` is relative, > 0. */
export const storyShareSchema = z.strictObject({
  story: z.string().min(1).max(40),
  weight: z.number().positive().finite(),
});
export type StoryShare = z.infer<typeof storyShareSchema>;

/** A part of the load: so many buyers, evenly over so long. */
export const stageSchema = z.strictObject({
  durationMs: z.int().min(100),
  buyers: z.int().min(1),
});
export type Stage = z.infer<typeof stageSchema>;

/**
 * What a run asks for. `burst`: `crowdRatio` of the buyers wait at a wall-clock barrier and arrive at T₀, the others
 * follow in an exponentially decaying tail that ends at `durationMs`. `constant`: evenly over `durationMs`. `stages`: evenly within each of `stages`, one after the other.
 */
export const planSchema = z.strictObject({
  arrivals: z.enum(['burst', 'constant', 'stages']),
  buyers: z.int().min(1),
  /** Tickets of each pool. 0 is allowed: then nobody may be sold one. */
  capacity: z.int().min(0),
  pools: z.int().min(1).max(1000),
  /** Exponent of the Zipf law by which buyers choose their pool; 0 is uniform. */
  zipf: z.number().min(0).max(10),
  quantities: z.array(quantityShareSchema).min(1),
  crowdRatio: z.number().min(0).max(1),
  durationMs: z.int().min(100),
  /** The client's limit for one request. */
  timeoutMs: z.int().min(10),
  /** Most virtual users k6 may hold at once. */
  virtualUsersMax: z.int().min(1),
  seed: z.int().min(0).max(0xffff_ffff),
  /** For `stages` only; their buyers are the plan's `buyers` in all. */
  stages: z.array(stageSchema).min(1).max(100).optional(),
  /** Which stories are played and how often; absent: the scenario has but one. */
  stories: z.array(storyShareSchema).min(1).optional(),
  /** Pause before each further step of a visit, drawn evenly from [min, max], ms; absent: none. */
  thinkMs: z.strictObject({ min: z.int().min(0), max: z.int().min(0) }).optional(),
  /** Most requests for the same thing where a scenario tries again; absent: 1. */
  attemptsMax: z.int().min(1).max(100).optional(),
  /** Intents of one buyer; absent: 1. */
  intentsPerBuyer: z.int().min(1).max(1000).optional(),
  /** Buyers want certain seats; absent: any will do. */
  seats: z.literal(true).optional(),
});
export type Plan = z.infer<typeof planSchema>;

/** One thing one buyer wants. */
export const intentSchema = z.strictObject({
  /** Unique in the run and recognisable in the target's rows: `onsale-<run id>-<index>`. */
  key: z.string().min(1).max(200),
  /** Index into the fixture's pools. */
  pool: z.int().min(0),
  quantity: z.int().min(1),
  /** When the buyer arrives, milliseconds after T₀. */
  offsetMs: z.number().min(0),
  /** Number of the buyer it belongs to, where buyers have several intents; absent: a buyer of its own. */
  buyer: z.int().min(0).optional(),
  /** Which of its scenario's stories it plays, such as `late` or `never` of hold-and-pay; absent where there is but one. */
  story: z.string().min(1).max(40).optional(),
  /** Index into the pool's seats, where the buyer wants that one. */
  seat: z.int().min(0).optional(),
});
export type Intent = z.infer<typeof intentSchema>;

/** intents.json: every intent of the run, by arrival. The generator and the judge read the same file. */
export const intentsFileSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  runId: z.string().min(1).max(100),
  intents: z.array(intentSchema),
});
export type IntentsFile = z.infer<typeof intentsFileSchema>;
