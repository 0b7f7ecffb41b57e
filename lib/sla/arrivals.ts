import type { History } from '../history/history.ts';
import { numbersOfPlanned } from '../history/planned.ts';
import type { Manifest } from '../model/manifest.ts';
import type { IntentsFile } from '../model/plan.ts';

/** What became of the planned arrivals. */
export interface Arrivals {
  readonly offered: number;
  /** Intents with at least one operation, however late. */
  readonly delivered: number;
  /**
   * First start against T₀ + offset of each delivered intent, ascending, ms; negative is early. Empty where T₀ is
   * unknown.
   */
  readonly latenessMs: Float64Array;
}

/** The plan's arrivals, and what came of them. `manifest.load` is null where the run kept no account of its load. */
export interface ArrivalEvidence {
  readonly history: History;
  readonly intents: Pick<IntentsFile, 'intents'>;
  readonly manifest: Pick<Manifest, 'load'>;
}

/** The last answer for a history: the totals and the validity both ask, and a million keys take a second to match. */
const known = new WeakMap<History, { evidence: ArrivalEvidence; arrivals: Arrivals }>();

/** Compares first starts with the plan. Operations of intents that were never planned are not arrivals. */
export function arrivalsOf(evidence: ArrivalEvidence): Arrivals {
  const last = known.get(evidence.history);
  const { intents, manifest } = evidence;
  if (last?.evidence.intents === intents && last.evidence.manifest === manifest) {
    return last.arrivals;
  }
  const arrivals = compareWithPlan(evidence);
  known.set(evidence.history, { evidence, arrivals });
  return arrivals;
}

function compareWithPlan({ history, intents, manifest }: ArrivalEvidence): Arrivals {
  const startedAt = manifest.load?.startedAt ?? null;
  const firstStart = firstStarts(history);
  const latenessMs = new Float64Array(intents.intents.length);
  let delivered = 0;
  numbersOfPlanned(history, intents.intents).forEach((intent, place) => {
    if (intent === -1) return;
    const dueAt = (startedAt ?? 0) + intents.intents[place]!.offsetMs;
    latenessMs[delivered++] = firstStart[intent]! - dueAt;
  });
  return {
    offered: intents.intents.length,
    delivered,
    latenessMs: startedAt === null ? new Float64Array(0) : latenessMs.slice(0, delivered).sort(),
  };
}

/** By intent. */
function firstStarts(history: History): Float64Array {
  const starts = new Float64Array(history.intentKeys.length);
  // Operations are in order of start, so the first of an intent is written last.
  for (let i = history.length - 1; i >= 0; i--) starts[history.intent[i]!] = history.start[i]!;
  return starts;
}
