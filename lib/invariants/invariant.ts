import type { History } from '../history/history.ts';
import type { Capability } from '../model/capability.ts';
import type { Finding } from '../model/finding.ts';
import type { Fixture } from '../model/fixture.ts';
import type { IntentsFile } from '../model/plan.ts';
import type { State } from '../model/state.ts';

/** Everything a check may look at. `state` is null where the target was never read back. */
export interface Evidence {
  readonly history: History;
  /** Nothing that was requested is missing from the history, says the run's own account. */
  readonly historyComplete: boolean;
  /** What speaks against anybody's word that it is complete, in sentences. Absent where nothing does, and where it is. */
  readonly historyDoubt?: string;
  readonly fixture: Fixture;
  readonly intents: IntentsFile;
  readonly state: State | null;
  /** Resolution of the generator's clock plus clock error between generators, ms: intervals are widened by it. */
  readonly clockErrorMs: number;
  /** Why times tell no order: they contradict each other by more than that. Absent where they do not, see `clocks.ts`. */
  readonly clockDoubt?: string;
  /** Nobody answers for the clocks: what is violated only by the order they give is not violated. Absent where somebody does. */
  readonly clocksUnvouched?: boolean;
  /** Likewise of the shop's clock, by which its times are. */
  readonly shopClockUnvouched?: boolean;
}

/** One promise of a correct sale. `decide` is pure and never throws for any evidence that fits its types. */
export interface Invariant {
  readonly id: string;
  /** The plain statement, for people. */
  readonly statement: string;
  /** What a target must be able to do or tell for the claim to be about it; nothing where absent. */
  readonly needs?: readonly Capability[];
  /**
   * Why the claim says nothing about this sale, such as `The pools have no seats.`; null where it does. Absent: it is about
   * every sale. What a target promises or a history shows makes a claim apply; missing evidence never takes it away.
   */
  readonly isBeside?: (evidence: Evidence) => string | null;
  readonly decide: (evidence: Evidence) => Finding;
}
