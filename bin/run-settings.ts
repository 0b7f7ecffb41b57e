import { join } from 'node:path';
import { z } from 'zod';
import { type Plan, planSchema, type QuantityShare } from '../lib/model/plan.ts';
import { durationSchema } from '../lib/model/sla.ts';
import { projectRoot } from '../lib/run/project-root.ts';
import type { Scenario } from '../lib/run/scenarios.ts';
import { type SettingValues, setting } from '../lib/run/settings.ts';

/** What `prepareRun` needs to know. */
export interface RunSettings {
  readonly scenario: Scenario;
  readonly target: string;
  readonly url: string;
  /** Path of the SLA file. */
  readonly sla: string;
  readonly runsFolder: string;
  readonly allowHosts: readonly string[];
  readonly liftLimits: boolean;
  /** The user's word that nobody else buys from the run's pools. */
  readonly exclusive: boolean;
  /** The target's own options, as name=value. */
  readonly options: readonly string[];
  /** Null for one of its own. */
  readonly runId: string | null;
  readonly plan: Plan;
}

const text = z.string().min(1);
const whole = (least: number, most: number) =>
  z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], {
      error: `a whole number from ${least} to ${most}`,
    })
    .pipe(z.number().int().min(least).max(most));
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
    .pipe(z.number().min(least).max(most));
const yesOrNo = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((word) => word === 'true'),
]);
const list = z.union([
  z.array(z.string().min(1)),
  z.string().transform((words) => words.split(',').map((word) => word.trim())),
]);
const duration = durationSchema.pipe(z.number().transform(Math.round));

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
  .pipe(planSchema.shape.quantities);

/** The SLA file of a scenario for which none is named. */
export const slaOf = (scenario: Scenario): string =>
  join(projectRoot, 'thresholds', `${scenario.name}.yaml`);

/**
 * Every setting of a run; what nobody says is as the scenario has it. One declaration makes the flag, the environment
 * variable (ONSALE_…) and the key in onsale.yaml.
 */
export function runSettingsOf(scenario: Scenario) {
  const plan = scenario.planDefaults;
  const of = <T>(schema: z.ZodType<T>, value: NoInfer<T>, description: string) =>
    setting<T>({ schema, default: value, description });
  return {
    target: of(text.nullable(), null, 'the API, see "loadtest targets"'),
    url: of(text.nullable(), null, 'base URL of the target, http or https'),
    sla: of(text, slaOf(scenario), 'SLA file'),
    arrivals: of(
      planSchema.shape.arrivals,
      plan.arrivals,
      'burst (crowd at T₀, decaying tail) or constant',
    ),
    buyers: of(whole(1, 10_000_000), plan.buyers, 'number of buyers'),
    capacity: of(whole(0, 100_000_000), plan.capacity, 'tickets of each pool'),
    pools: of(whole(1, 1000), plan.pools, 'number of pools'),
    zipf: of(
      decimal(0, 10),
      plan.zipf,
      'exponent of the Zipf law by which buyers choose a pool; 0 is uniform',
    ),
    quantities: of(
      quantities,
      plan.quantities,
      'tickets a buyer wants, as tickets:weight pairs such as 1:60,2:30,4:10',
    ),
    crowd: of(decimal(0, 1), plan.crowdRatio, 'part of the buyers at the barrier; burst only'),
    duration: of(
      duration,
      plan.durationMs,
      'time over which buyers arrive, such as 10s or 2min; shown in milliseconds',
    ),
    timeout: of(
      duration,
      plan.timeoutMs,
      'how long a buyer waits for an answer, such as 10s; shown in milliseconds',
    ),
    maxVus: of(whole(1, 100_000), plan.virtualUsersMax, 'most virtual users of k6 at once'),
    seed: of(
      whole(0, 0xffff_ffff),
      plan.seed,
      'seed of the plan; the same seed gives the same plan',
    ),
    runId: of(
      z
        .string()
        .regex(/^[a-z0-9]{4,40}$/, 'expected 4 to 40 letters and digits')
        .nullable(),
      null,
      'id of the run; what was provisioned under it is found again',
    ),
    runsFolder: of(text, 'runs', 'where runs are kept'),
    allowHost: of<string[]>(
      list,
      [],
      'a host other than this machine to which load may be sent; repeatable',
    ),
    option: of<string[]>(
      list,
      [],
      'an option of the target as name=value, see "loadtest targets <api>"; repeatable',
    ),
    exclusive: of(
      yesOrNo,
      false,
      'your word that nobody else buys from the pools: then a stranger’s order is a phantom',
    ),
    liftLimits: of(yesOrNo, false, 'allow a plan above the limits on rate, length and buyers'),
  };
}

/** The plan in the values of the settings. */
export function planIn(values: SettingValues<ReturnType<typeof runSettingsOf>>): Plan {
  const { arrivals, buyers, capacity, pools, zipf, quantities: shares, seed } = values;
  return {
    ...{ arrivals, buyers, capacity, pools, zipf, quantities: shares, seed },
    crowdRatio: values.crowd,
    durationMs: values.duration,
    timeoutMs: values.timeout,
    virtualUsersMax: values.maxVus,
  };
}
