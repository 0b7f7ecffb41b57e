/**
 * What the runner tells the scenario, as one JSON text in the environment variable `ONSALE_LOAD`: not on the command
 * line, where every user of the machine could read it.
 */
export interface LoadSettings {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Absolute paths. */
  readonly intentsPath: string;
  readonly fixturePath: string;
  readonly summaryPath: string;
  /** JSON of the target's secrets, readable for this user alone; null where there are none. */
  readonly secretsPath: string | null;
  /** Number of intents in the file, ≥ 1. */
  readonly intents: number;
  /** ≥ 1; never more than `intents`. */
  readonly virtualUsers: number;
  readonly timeoutMs: number;
  /** Seed of what visitors draw on the way, such as their pauses. */
  readonly seed: number;
  /** Pause before each further step of a visit; both 0 for none. */
  readonly thinkMs: { readonly min: number; readonly max: number };
  /** Most requests for the same thing where a scenario tries again; ≥ 1. */
  readonly attemptsMax: number;
  /** How long an expired hold may still keep its tickets, ms. */
  readonly expiryGraceMs: number;
  /** How long after its expiry a hold may still be paid, ms. */
  readonly paymentGraceMs: number;
  /** From the end of set-up to T₀: long enough for every virtual user to stand at the barrier. */
  readonly leadMs: number;
  /** Offset of the last arrival. */
  readonly lastOffsetMs: number;
  /** Arrivals that could not start within this time of T₀ are given up: they were never delivered. */
  readonly giveUpMs: number;
  /** k6's own limit for the whole load: a backstop that a healthy run never meets. */
  readonly maxDurationMs: number;
  /** Host name → address, so that a changed DNS answer cannot move the load elsewhere. */
  readonly hosts: Readonly<Record<string, string>>;
  /** False only in the bench that measures what recording costs. */
  readonly record: boolean;
}

/** k6-summary.json: the generator's own counts, written by the scenario when k6 ends in good order. */
export interface K6Summary {
  /** T₀, Unix epoch milliseconds; null where set-up did not finish. */
  readonly startedAt: number | null;
  /** Requests the scenario counted before it sent them. */
  readonly begun: number;
  /** Requests that asked what became of an unanswered one; no operations of their own. */
  readonly asides: number;
  /** Requests k6 counted as ended. */
  readonly httpRequests: number;
  readonly iterations: number;
  readonly droppedIterations: number;
  readonly virtualUsersMax: number;
}
