import { z } from 'zod';
import { type Plan, planSchema, type QuantityShare } from '../lib/model/plan.ts';
import { durationSchema } from '../lib/model/sla.ts';
import {
  type ResolvedSettings,
  resolveSettings,
  type SettingSources,
  type SettingValues,
  setting,
} from '../lib/run/settings.ts';

/** What `prepareRun` needs to know. */
export interface RunSettings {
  readonly scenario: string;
  readonly target: string;
  readonly url: string;
  /** Null: the scenario's own. */
  readonly sla: string | null;
  readonly runsFolder: string;
  readonly allowHosts: readonly string[];
  readonly liftLimits: boolean;
  /** The user's word that nobody else buys from the run's pools. */
  readonly exclusive: boolean;
  /** What is said instead of the scenario's defaults. */
  readonly plan: Partial<Plan>;
}

const text = z.string().min(1).nullable();
const whole = (least: number, most: number) =>
  z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], {
      error: `a whole number from ${least} to ${most}`,
    })
    .pipe(z.number().int().min(least).max(most))
    .nullable();
const decimal = (least: number, most: number) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d+(\.\d+)?$/)
          .transform(Number),
      ],
      {
        error: `a number from ${least} to ${most}`,
      },
    )
    .pipe(z.number().min(least).max(most))
    .nullable();
const yesOrNo = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((word) => word === 'true'),
]);
const list = z.union([
  z.array(z.string().min(1)),
  z.string().transform((words) => words.split(',').map((word) => word.trim())),
]);
const duration = durationSchema.pipe(z.number().transform(Math.round)).nullable();

/** `1:60,2:30,4:10` → shares. */
const quantities = z
  .string()
  .regex(
    /^\d+:\d+(\.\d+)?(,\d+:\d+(\.\d+)?)*$/,
    'expected tickets:weight pairs such as 1:60,2:30,4:10',
  )
  .transform((pairs): QuantityShare[] =>
    pairs.split(',').map((pair) => {
      const [quantity, weight] = pair.split(':').map(Number);
      return { quantity: quantity!, weight: weight! };
    }),
  )
  .pipe(planSchema.shape.quantities)
  .nullable();

const unset = <T>(schema: z.ZodType<T | null>, description: string) =>
  setting<T | null>({ schema, default: null, description });

/**
 * Every setting of a run. null means: as the scenario has it. One declaration makes the flag, the environment variable
 * (ONSALE_…) and the key in onsale.yaml.
 */
export const runSettings = {
  target: unset(text, 'the API, see "loadtest targets"'),
  url: unset(text, 'base URL of the target, http or https'),
  sla: unset(text, 'SLA file; default thresholds/<scenario>.yaml'),
  arrivals: unset(
    z.enum(['burst', 'constant']).nullable(),
    'burst (crowd at T₀, decaying tail) or constant',
  ),
  buyers: unset(whole(1, 10_000_000), 'number of buyers'),
  capacity: unset(whole(0, 100_000_000), 'tickets of each pool'),
  pools: unset(whole(1, 1000), 'number of pools'),
  zipf: unset(
    decimal(0, 10),
    'exponent of the Zipf law by which buyers choose a pool; 0 is uniform',
  ),
  quantities: unset(
    quantities,
    'tickets a buyer wants, as tickets:weight pairs such as 1:60,2:30,4:10',
  ),
  crowd: unset(decimal(0, 1), 'part of the buyers at the barrier, 0 to 1; burst only'),
  duration: unset(duration, 'time over which buyers arrive, such as 10s or 2min'),
  timeout: unset(duration, 'how long a buyer waits for an answer, such as 10s'),
  maxVus: unset(whole(1, 100_000), 'most virtual users of k6 at once'),
  seed: unset(whole(0, 0xffff_ffff), 'seed of the plan; the same seed gives the same plan'),
  runsFolder: setting({
    schema: z.string().min(1),
    default: 'runs',
    description: 'where runs are kept',
  }),
  allowHost: setting<string[]>({
    schema: list,
    default: [],
    description: 'a host other than this machine to which load may be sent; repeatable',
  }),
  exclusive: setting({
    schema: yesOrNo,
    default: false,
    description:
      'your word that nobody else buys from the pools: then a stranger’s order is a phantom',
  }),
  liftLimits: setting({
    schema: yesOrNo,
    default: false,
    description: 'allow a plan above the limits on rate, length and buyers',
  }),
};

type Values = SettingValues<typeof runSettings>;

export const resolveRunSettings = (sources: SettingSources): ResolvedSettings<typeof runSettings> =>
  resolveSettings(runSettings, sources);

/** The plan's part of the values; what is null stays the scenario's. */
export function planIn(values: Values): Partial<Plan> {
  const asked = {
    arrivals: values.arrivals,
    buyers: values.buyers,
    capacity: values.capacity,
    pools: values.pools,
    zipf: values.zipf,
    quantities: values.quantities,
    crowdRatio: values.crowd,
    durationMs: values.duration,
    timeoutMs: values.timeout,
    virtualUsersMax: values.maxVus,
    seed: values.seed,
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null));
}
