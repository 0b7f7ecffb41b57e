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
  /** What holds where the user says nothing. */
  readonly planDefaults: Plan;
}

const purchaseBurst: Scenario = {
  name: 'purchase-burst',
  summary: 'A crowd at the barrier buys at T₀, the others follow in a decaying tail; one try each.',
  path: join(projectRoot, 'scenarios', 'purchase-burst.ts'),
  needs: [],
  planDefaults: {
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
  },
};

/** Every scenario there is, by name; a new one is a file in scenarios/ and an entry here. */
export const scenarios: readonly Scenario[] = [purchaseBurst];
