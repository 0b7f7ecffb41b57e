import { join } from 'node:path';
import type { Capability } from '../model/capability.ts';
import type { Plan } from '../model/plan.ts';
import { projectRoot } from './project-root.ts';

/** One buyer story that k6 can play. */
export interface Scenario {
  readonly name: string;
  /** One line for `bin/loadtest scenarios`. */
  readonly summary: string;
  /** Absolute path of the file that runs inside k6; bundled before each run. */
  readonly path: string;
  /** What a target must be able to do for it. */
  readonly needs: readonly Capability[];
  /** The stories that `--stories` can weigh, each with what it is; empty where there is but one. */
  readonly stories: Readonly<Record<string, string>>;
  /** Most requests of one visit, with one attempt at each thing. */
  readonly requestsMax: number;
  /** Holds are left to expire: the final state is read when they are over. */
  readonly leavesHolds: boolean;
  /** What holds where the user says nothing. */
  readonly planDefaults: Plan;
}

const path = (name: string) => join(projectRoot, 'scenarios', `${name}.ts`);

const burst: Plan = {
  arrivals: 'burst',
  buyers: 2000,
  capacity: 500,
  pools: 1,
  zipf: 1,
  quantities: [{ quantity: 1, weight: 1 }],
  crowdRatio: 0.3,
  durationMs: 10_000,
  timeoutMs: 10_000,
  virtualUsersMax: 2000,
  seed: 1,
};

const steady: Plan = {
  ...burst,
  arrivals: 'constant',
  buyers: 1200,
  capacity: 1000,
  durationMs: 60_000,
  thinkMs: { min: 100, max: 900 },
};

const single = { needs: [], stories: {}, requestsMax: 1, leavesHolds: false } as const;

const browsing = {
  path: path('browse-and-buy'),
  needs: ['availability'],
  stories: { buy: 'looks, thinks, buys', leave: 'looks and goes away' },
  requestsMax: 4,
  leavesHolds: false,
} as const;

/** Every scenario there is; a new one is a file in scenarios/ and an entry here. */
export const scenarios: readonly Scenario[] = [
  {
    ...single,
    name: 'purchase-burst',
    summary:
      'A crowd at the barrier buys at T₀, the others follow in a decaying tail; one try each.',
    path: path('purchase-burst'),
    planDefaults: burst,
  },
  {
    ...browsing,
    name: 'browse-and-buy',
    summary: 'Visitors look at the event and at what is left, think, and buy or leave.',
    planDefaults: {
      ...burst,
      pools: 5,
      capacity: 100,
      stories: [
        { story: 'buy', weight: 3 },
        { story: 'leave', weight: 2 },
      ],
      thinkMs: { min: 100, max: 900 },
    },
  },
  {
    name: 'hold-and-pay',
    summary: 'Buyers reserve, then pay in time, pay late, never pay, or give the hold back.',
    path: path('hold-and-pay'),
    needs: ['holds', 'payments'],
    stories: {
      'in-time': 'pays after a moment',
      late: 'pays when the hold is over',
      never: 'leaves, and looks again when the hold is over',
      cancel: 'gives the hold back; needs a target that can cancel',
      twice: 'pays twice at the same moment',
    },
    requestsMax: 5,
    leavesHolds: true,
    planDefaults: {
      ...burst,
      buyers: 600,
      capacity: 200,
      stories: [
        { story: 'in-time', weight: 6 },
        { story: 'late', weight: 1 },
        { story: 'never', weight: 2 },
      ],
      thinkMs: { min: 100, max: 900 },
    },
  },
  {
    name: 'retry-storm',
    summary:
      'Impatient clients send the same purchase again, with the same key, after a time-out or twice at once.',
    path: path('retry-storm'),
    needs: ['idempotency'],
    stories: {
      patient: 'asks once',
      retry: 'asks again when no answer came in time',
      twice: 'asks twice at the same moment',
    },
    requestsMax: 2,
    leavesHolds: false,
    planDefaults: {
      ...burst,
      buyers: 1000,
      timeoutMs: 1500,
      attemptsMax: 3,
      stories: [
        { story: 'patient', weight: 1 },
        { story: 'retry', weight: 2 },
        { story: 'twice', weight: 1 },
      ],
    },
  },
  {
    name: 'refund-and-resell',
    summary: 'Some buyers give their tickets back, and others buy them again.',
    path: path('refund-and-resell'),
    needs: ['cancel'],
    stories: { keep: 'buys and keeps', return: 'buys, thinks, gives back' },
    requestsMax: 3,
    leavesHolds: false,
    planDefaults: {
      ...burst,
      buyers: 1000,
      capacity: 200,
      crowdRatio: 0.2,
      stories: [
        { story: 'keep', weight: 1 },
        { story: 'return', weight: 1 },
      ],
      thinkMs: { min: 100, max: 900 },
    },
  },
  {
    ...browsing,
    name: 'steady-sale',
    summary: 'An ordinary day: visitors come evenly, look and buy; it does not sell out.',
    planDefaults: { ...steady, capacity: 5000 },
  },
  {
    ...browsing,
    name: 'soak',
    summary: 'The ordinary day for a quarter of an hour: what leaks or slows down shows.',
    planDefaults: { ...steady, buyers: 9000, capacity: 50_000, durationMs: 15 * 60_000 },
  },
  {
    name: 'gic-stages',
    summary:
      'Load stages of 0.5, 1, 2 and 10 times a crowd; pages, then a purchase that is tried again while the shop is busy.',
    path: path('gic-stages'),
    needs: ['views'],
    stories: {},
    requestsMax: 8,
    leavesHolds: false,
    planDefaults: {
      ...burst,
      arrivals: 'stages',
      buyers: 1080,
      capacity: 10_000,
      durationMs: 54_000,
      stages: [
        { durationMs: 2_000, buyers: 40 },
        { durationMs: 4_000, buyers: 80 },
        { durationMs: 8_000, buyers: 160 },
        { durationMs: 40_000, buyers: 800 },
      ],
      thinkMs: { min: 100, max: 900 },
      attemptsMax: 3,
      timeoutMs: 50_000,
    },
  },
  {
    ...single,
    name: 'wdm-consistency',
    summary:
      'A thousand buyers for a hundred units, all at one moment, judged by operation and by buyer.',
    path: path('purchase-burst'),
    planDefaults: { ...burst, buyers: 1000, capacity: 100, crowdRatio: 1, timeoutMs: 30_000 },
  },
];
