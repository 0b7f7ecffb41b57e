import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeArtefact } from '../artefacts/write.ts';
import type { Fixture } from '../model/fixture.ts';
import type { LoadAccount } from '../model/manifest.ts';
import type { IntentsFile, Plan } from '../model/plan.ts';
import { bundleScenario } from './bundle.ts';
import { GENERATOR_BYTES_MAX, watchHealth } from './generator-health.ts';
import { type LogAccount, splitLog } from './k6-log.ts';
import { type K6End, type K6Ended, type K6Process, startK6 } from './k6-process.ts';
import { holdLease } from './leases.ts';
import { accountFor } from './load-account.ts';
import { type LoadProgress, meterProgress } from './load-progress.ts';
import type { K6Summary, LoadSettings } from './load-settings.ts';
import { followLog } from './log-follower.ts';
import { limitMsOf, settingsFor } from './plan-load.ts';
import { projectRoot } from './project-root.ts';
import type { Scenario } from './scenarios.ts';

export type { LoadProgress } from './load-progress.ts';

/** See `Secrets` of lib/targets. */
export interface LoadSecrets {
  readonly shared: string | null;
  readonly buyers: readonly string[] | null;
}

export interface LoadAsked {
  /** The run's folder; `intents.json` and `fixture.json` are in it already. */
  readonly folder: string;
  readonly k6Path: string;
  readonly scenario: Pick<Scenario, 'path' | 'requestsMax'>;
  /** Absolute, or from the project's root. */
  readonly protocolPath: string;
  readonly address: {
    /** Base URL without a trailing slash. */
    readonly url: string;
    /** Host name → address. */
    readonly hosts: Readonly<Record<string, string>>;
  };
  readonly plan: Plan;
  readonly intents: IntentsFile;
  readonly fixture: Fixture;
  /** What k6 needs to act for the buyers and nobody may read; none where absent. */
  readonly secrets?: LoadSecrets;
  /** Ends the load in good order. */
  readonly signal: AbortSignal;
  /** Registers what has to be ended at once on a second interrupt; gives the function that takes it back. */
  readonly onKill: (end: () => void) => () => void;
  readonly onProgress: (progress: LoadProgress) => void;
  /** k6 is ended when it holds more than this; half of the machine's memory where nothing is said. */
  readonly memoryBytesMax?: number;
  /** False only in the bench that measures what recording costs. */
  readonly record?: boolean;
}

export interface LoadDone {
  readonly account: LoadAccount;
  readonly ended: K6End;
  /** What went wrong, in words; empty for a load that ran to its end. */
  readonly trouble: readonly string[];
}

const LOOK_EVERY_MS = 250;
const REPORT_EVERY_MS = 1000;

/**
 * Plays the plan against the target with k6 and leaves `history.ndjson`, `k6.log` (k6's own messages) and, where k6
 * ended in good order, `k6-summary.json` in the folder. Whatever happens to k6 or the target, what was recorded is
 * kept and accounted for.
 * @throws UsageFailure if scenario and protocol cannot be bundled, or the plan's crowd needs too many virtual users.
 * @throws RunFailure if k6 cannot be started or a file cannot be written.
 */
export async function runLoad(asked: LoadAsked): Promise<LoadDone> {
  assert(asked.intents.intents.length > 0, 'a plan has at least one buyer');
  assert(asked.fixture.buyers.length >= asked.intents.intents.length, 'every intent has a buyer');
  const scratch = await mkdtemp(join(tmpdir(), 'onsale-k6-'));
  let endLease = () => Promise.resolve();
  try {
    const { shared = null, buyers = null } = asked.secrets ?? {};
    const settings = settingsFor({
      ...asked,
      scratch,
      requestsMax: asked.scenario.requestsMax,
      rules: asked.fixture.rules,
      secrets: shared !== null || buyers !== null,
    });
    // The folder is this user's alone and goes with k6.
    if (settings.secretsPath !== null)
      await writeFile(settings.secretsPath, JSON.stringify({ shared, buyers }), { mode: 0o600 });
    const scriptPath = join(scratch, 'scenario.js');
    await bundleScenario({
      scenarioPath: asked.scenario.path,
      protocolPath: resolve(projectRoot, asked.protocolPath),
      outFile: scriptPath,
    });
    const logPath = join(asked.folder, 'k6.log');
    const k6 = await startK6({
      k6Path: asked.k6Path,
      scriptPath,
      logPath,
      folder: scratch,
      environment: { ONSALE_LOAD: JSON.stringify(settings) },
      limitMs: limitMsOf(settings),
      signal: asked.signal,
    });
    const release = asked.onKill(k6.kill);
    try {
      const held = { what: 'k6', pid: k6.pid, folder: scratch };
      endLease = await holdLease(held, { env: process.env });
      return await seeThrough(k6, { asked, settings, logPath });
    } finally {
      k6.kill();
      await k6.ended;
      release();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await endLease();
  }
}

interface LoadInHand {
  readonly asked: LoadAsked;
  readonly settings: LoadSettings;
  readonly logPath: string;
}

async function seeThrough(k6: K6Process, load: LoadInHand): Promise<LoadDone> {
  const { asked, settings, logPath } = load;
  const health = watchHealth(k6.pid);
  const memoryBytesMax = asked.memoryBytesMax ?? GENERATOR_BYTES_MAX;
  const outgrown = await watchUntilEnd(k6, load, async (loadBegan) => {
    const bytes = await health.look(loadBegan);
    return bytes !== null && bytes > memoryBytesMax;
  });
  const ended = await k6.ended;
  const log = await splitLog({ logPath, historyPath: join(asked.folder, 'history.ndjson') });
  const summary = await keepSummary(settings.summaryPath, join(asked.folder, 'k6-summary.json'));
  const offered = asked.intents.intents.length;
  const account = accountFor({ offered, log, summary, health: health.health() });
  return { account, ended: ended.end, trouble: troubleIn({ ended, log, account, outgrown }) };
}

/** Reports progress until k6 has ended. Returns true if k6 had to be ended because its memory grew without bound. */
async function watchUntilEnd(
  k6: K6Process,
  { asked, logPath }: LoadInHand,
  hasOutgrown: (loadBegan: number | null) => Promise<boolean>,
): Promise<boolean> {
  const capacity = asked.fixture.pools.reduce((sum, pool) => sum + pool.capacity, 0);
  const meter = meterProgress(asked.intents.intents, capacity);
  const follower = followLog(logPath);
  const isOver = k6.ended.then(() => true);
  let reportedAt = Date.now();
  let outgrown = false;
  try {
    for (let over = false; !over; ) {
      over = await Promise.race([isOver, delay(LOOK_EVERY_MS, false)]);
      outgrown ||= await hasOutgrown(meter.startedAt());
      if (outgrown) k6.kill();
      meter.add(await follower.read());
      if (!over && Date.now() - reportedAt < REPORT_EVERY_MS) continue;
      reportedAt = Date.now();
      asked.onProgress(meter.report(reportedAt));
    }
  } finally {
    await follower.close();
  }
  return outgrown;
}

/** Null where k6 did not come to write it, or was killed while it wrote. */
async function keepSummary(from: string, path: string): Promise<K6Summary | null> {
  const text = await readFile(from, 'utf8').catch(() => '');
  try {
    const summary = JSON.parse(text) as K6Summary;
    await writeArtefact(path, text);
    return summary;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

function troubleIn(from: {
  readonly ended: K6Ended;
  readonly log: LogAccount;
  readonly account: LoadAccount;
  readonly outgrown: boolean;
}): string[] {
  const { ended, log, account, outgrown } = from;
  const trouble: string[] = [];
  if (outgrown) {
    trouble.push('k6 held more memory than it may and was ended: are the replies very large?');
  }
  if (ended.end === 'timed-out') trouble.push('k6 did not end within its time limit.');
  if (ended.end === 'killed' && !outgrown) trouble.push('k6 was killed.');
  if (ended.end === 'failed') {
    const words = [ended.stderr.trim(), ...log.messages.slice(0, 3).map((m) => m.text)];
    trouble.push(`k6 ended with code ${ended.exitCode}: ${words.filter(Boolean).join(' · ')}`);
  }
  const unsent = account.offered - (account.requested ?? account.offered);
  if (ended.end === 'complete' && unsent > 0) {
    const why =
      log.messages.find((m) => m.text !== 'Request Failed')?.text ??
      'no virtual user was free in time';
    trouble.push(`${unsent} of ${account.offered} arrivals were not sent: ${why}`);
  }
  trouble.push(...account.gaps);
  return trouble.map((text) => text.slice(0, 1000));
}
