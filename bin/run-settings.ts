import { join } from 'node:path';
import { z } from 'zod';
import {
  type Plan,
  planSchema,
  type QuantityShare,
  type Stage,
  type StoryShare,
} from '../lib/model/plan.ts';
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

/** `10s:400,20s:800` → stages. */
const stages = z
  .string()
  .regex(/^[^:,]+:\d+(,[^:,]+:\d+)*$/, 'expected duration:buyers pairs such as 10s:400,20s:800')
  .transform((pairs, context): Stage[] =>
    pairs.split(',').map((pair) => {
      const [time, buyers] = pair.split(':');
      const parsed = duration.safeParse(time);
      if (!parsed.success) context.addIssue(`expected a time such as 10s instead of ${time}`);
      return { durationMs: parsed.data ?? 0, buyers: Number(buyers) };
    }),
  );

/** `100ms-900ms`, or one time for both. */
const think = z
  .string()
  .transform((text) => {
    const [min = '', max = min] = text.split('-');
    return { min, max };
  })
  .pipe(z.object({ min: duration, max: duration }))
  .refine(({ min, max }) => min <= max, 'expected the shorter time first');

/** `buy:3,leave:2` → shares of the scenario's stories. */
const stories = (scenario: Scenario) =>
  z
    .string()
    .regex(/^[a-z-]+:\d+(\.\d+)?(,[a-z-]+:\d+(\.\d+)?)*$/, 'expected story:weight pairs')
    .transform((pairs): StoryShare[] =>
      pairs.split(',').map((pair) => {
        const [story, weight] = pair.split(':');
        return { story: story!, weight: Number(weight) };
      }),
    )
    .refine(
      (shares) => shares.every(({ story }) => Object.hasOwn(scenario.stories, story)),
      `this scenario knows the stories ${Object.keys(scenario.stories).join(', ') || '(none)'}`,
    )
    .transform((shares) => shares.filter(({ weight }) => weight > 0))
    .refine((shares) => shares.length > 0, 'expected a story with a weight above 0');

const storyNames = ({ stories: all }: Scenario) =>
  Object.keys(all).length === 0
    ? '; this scenario has but one'
    : ` of ${Object.keys(all).join(', ')}`;

/** Stages say how long the plan is and how many come; with other arrivals they are nobody's. */
function stagesIn({
  arrivals,
  stages: asked,
}: {
  arrivals: Plan['arrivals'];
  stages: Stage[] | null;
}) {
  if (arrivals !== 'stages' || asked === null) return {};
  return {
    stages: asked,
    buyers: asked.reduce((sum, { buyers }) => sum + buyers, 0),
    durationMs: asked.reduce((sum, { durationMs }) => sum + durationMs, 0),
  };
}

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
      'burst (crowd at T₀, decaying tail), constant, or stages',
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
    stories: of(
      stories(scenario).nullable(),
      plan.stories ?? null,
      `what visitors do, as story:weight pairs${storyNames(scenario)}`,
    ),
    stages: of(
      stages.nullable(),
      plan.stages ?? null,
      'for --arrivals stages: duration:buyers pairs such as 10s:400,20s:800',
    ),
    think: of(
      think.nullable(),
      plan.thinkMs ?? null,
      'pause before each further step of a visit, such as 100ms-900ms',
    ),
    attempts: of(
      whole(1, 100),
      plan.attemptsMax ?? 1,
      'most requests for the same thing where the scenario tries again',
    ),
    intentsPerBuyer: of(
      whole(1, 1000),
      plan.intentsPerBuyer ?? 1,
      'how often each buyer comes; then `buyers` counts visits',
    ),
    seats: of(yesOrNo, plan.seats ?? false, 'buyers want certain seats'),
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
    ...stagesIn(values),
    ...(values.stories !== null && { stories: values.stories }),
    ...(values.think !== null && { thinkMs: values.think }),
    ...(values.attempts > 1 && { attemptsMax: values.attempts }),
    ...(values.intentsPerBuyer > 1 && { intentsPerBuyer: values.intentsPerBuyer }),
    ...(values.seats && { seats: true as const }),
  };
}
