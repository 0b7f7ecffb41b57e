import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { UsageFailure } from '../model/failure.ts';
import type { Intent, IntentsFile, Plan, Stage } from '../model/plan.ts';
import { SCHEMA_VERSION } from '../model/schema-version.ts';

/** The tail's mean delay, were it never cut off, as a part of `durationMs`: 95 % come within the duration. */
const TAIL_MEAN_RATIO = 1 / 3;

/** Draws from [0, 1). */
type Draw = () => number;

/** Each aspect of a plan has its own stream, so that changing the quantities leaves the arrivals as they were. */
const streams = { arrivals: 1, pools: 2, quantities: 3, stories: 4, seats: 5 } as const;

function stream(seed: number, aspect: keyof typeof streams): Draw {
  const generator = mersenne((seed ^ Math.imul(streams[aspect], 0x9e37_79b9)) >>> 0);
  return () => uniformFloat64(generator);
}

/**
 * The buyers who wait at the barrier: `crowdRatio` of all, rounded; 0 for constant arrivals.
 */
export function crowdOf(plan: Plan): number {
  return plan.arrivals === 'burst' ? Math.round(plan.crowdRatio * plan.buyers) : 0;
}

/**
 * How many virtual users the plan needs: one a buyer up to the plan's limit.
 * @throws UsageFailure if the crowd alone is larger: those without a virtual user would not be at the barrier.
 */
export function virtualUsersOf(plan: Plan): number {
  const crowd = crowdOf(plan);
  if (crowd > plan.virtualUsersMax) {
    throw new UsageFailure({
      expected: `a crowd of at most ${plan.virtualUsersMax} buyers, one virtual user each`,
      got: `${crowd} buyers at the barrier`,
      where: 'plan: buyers × crowdRatio against virtualUsersMax',
      remedy: 'Lower the buyers or the crowd ratio, or raise the limit of virtual users.',
    });
  }
  return Math.min(plan.buyers, plan.virtualUsersMax);
}

/**
 * Inverse of the exponential distribution function cut off at `durationMs` (inverse transform sampling, Devroye 1986,
 * II.2): `u` in [0, 1) gives a delay in [0, durationMs).
 */
export function tailOffsetMs(u: number, durationMs: number): number {
  const meanMs = durationMs * TAIL_MEAN_RATIO;
  const kept = -Math.expm1(-durationMs / meanMs);
  return -meanMs * Math.log1p(-u * kept);
}

/** Whole milliseconds, ascending: a finer due time could not be compared with the generator's clock. */
function arrivalOffsetsMs(plan: Plan): number[] {
  if (plan.arrivals === 'constant') return evenOffsetsMs(plan);
  if (plan.arrivals === 'stages') return stagesOf(plan).flatMap(offsetsOfStage);
  const draw = stream(plan.seed, 'arrivals');
  const crowd = crowdOf(plan);
  const offsets = Array.from({ length: plan.buyers }, (_, i) =>
    i < crowd ? 0 : Math.floor(tailOffsetMs(draw(), plan.durationMs)),
  );
  return offsets.sort((a, b) => a - b);
}

/** Evenly from 0 to just below `durationMs`. */
function evenOffsetsMs({ buyers, durationMs }: Stage): number[] {
  return Array.from({ length: buyers }, (_, i) => Math.floor((i * durationMs) / buyers));
}

/** The plan's stages; without any, all of it is one. */
function stagesOf(plan: Plan): readonly Stage[] {
  return plan.stages ?? [plan];
}

function offsetsOfStage(stage: Stage, number: number, stages: readonly Stage[]): number[] {
  const before = stages.slice(0, number).reduce((sum, { durationMs }) => sum + durationMs, 0);
  return evenOffsetsMs(stage).map((offset) => before + offset);
}

/** Draws indices with probability proportional to the weights, all > 0. */
function weighted(weights: readonly number[], draw: Draw): () => number {
  let sum = 0;
  const upTo = weights.map((weight) => {
    sum += weight;
    return sum;
  });
  return () => {
    const mark = draw() * sum;
    const index = upTo.findIndex((limit) => mark < limit);
    return index === -1 ? weights.length - 1 : index;
  };
}

/** Zipf's law: the pool of rank k (from 1) has weight 1 / k^s; s = 0 is uniform. */
export function zipfWeights(pools: number, s: number): number[] {
  return Array.from({ length: pools }, (_, i) => (i + 1) ** -s);
}

/** What an intent has only in some plans: its story, the seat it wants, the buyer it shares with others. */
function extrasOf(plan: Plan): (index: number) => Partial<Intent> {
  const { stories, seats, intentsPerBuyer = 1 } = plan;
  const story =
    stories === undefined
      ? null
      : weighted(
          stories.map(({ weight }) => weight),
          stream(plan.seed, 'stories'),
        );
  const seat = seats === true && plan.capacity > 0 ? stream(plan.seed, 'seats') : null;
  // Intents of one buyer lie far apart in the order of arrival, or they would all be of one moment.
  const buyers = Math.ceil(plan.buyers / intentsPerBuyer);
  return (index) => ({
    ...(story !== null && { story: stories![story()]!.story }),
    ...(seat !== null && { seat: Math.floor(seat() * plan.capacity) }),
    ...(intentsPerBuyer > 1 && { buyer: index % buyers }),
  });
}

/**
 * Everything that will be wanted in a run, by arrival. The same plan gives the same intents; the run id is only in
 * their keys (`onsale-<run id>-<index>`), which are unique among runs.
 * @throws UsageFailure if the plan's crowd needs more virtual users than it allows.
 */
export function planIntents(plan: Plan, runId: string): IntentsFile {
  virtualUsersOf(plan);
  const pool = weighted(zipfWeights(plan.pools, plan.zipf), stream(plan.seed, 'pools'));
  const share = weighted(
    plan.quantities.map((q) => q.weight),
    stream(plan.seed, 'quantities'),
  );
  const extra = extrasOf(plan);
  const intents: Intent[] = arrivalOffsetsMs(plan).map((offsetMs, index) => ({
    key: `onsale-${runId}-${index}`,
    pool: pool(),
    quantity: plan.quantities[share()]!.quantity,
    offsetMs,
    ...extra(index),
  }));
  return { schemaVersion: SCHEMA_VERSION, runId, intents };
}
