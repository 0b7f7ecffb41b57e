import { writeArtefact } from '../../lib/artefacts/write.ts';
import { readHistory } from '../../lib/history/read.ts';
import { Failure } from '../../lib/model/failure.ts';
import type { ClockAccount, LoadAccount } from '../../lib/model/manifest.ts';
import type { IntentsFile, Plan } from '../../lib/model/plan.ts';
import { SCHEMA_VERSION } from '../../lib/model/schema-version.ts';
import type { State } from '../../lib/model/state.ts';
import { type ClockWatch, watchClock } from '../../lib/run/clock-watch.ts';
import type { CheckedTarget } from '../../lib/run/host-guard.ts';
import type { K6 } from '../../lib/run/k6-binary.ts';
import { runLoad } from '../../lib/run/load.ts';
import { k6Hosts, pinnedAgents } from '../../lib/run/pinned-connections.ts';
import { createRunFolder } from '../../lib/run/run-folder.ts';
import type { Scenario } from '../../lib/run/scenarios.ts';
import type { Connection, Provisioned, Target } from '../../lib/targets/admin.ts';
import { readFinalState, type SettleRequest } from '../../lib/targets/settle.ts';
import { driftSince, withMeasuredSkew } from '../../lib/targets/target-clock.ts';
import type { Interruption } from '../interruption.ts';
import type { Progress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { acknowledgedTickets } from './acknowledged.ts';
import { inRun } from './run-files.ts';
import { type ManifestRecord, openManifest } from './run-manifest.ts';

/** What provisioning needs to know; checked, so that nothing here can be a user's mistake any more. */
export interface ProvisionRequest {
  readonly scenario: Scenario;
  readonly target: Target;
  readonly address: CheckedTarget;
  /** Secret: stays in memory. */
  readonly databaseUrl: string | null;
  /** Secret: stays in memory. */
  readonly token: string | null;
  /** The target's own options, all of them. */
  readonly targetOptions: Readonly<Record<string, string>>;
  readonly plan: Plan;
  /** Of this very run: its id is in every key. */
  readonly intents: IntentsFile;
  readonly slaText: string;
  readonly runsFolder: string;
  /** The user's word that nobody else buys from the run's pools. */
  readonly exclusive: boolean;
  readonly onsaleVersion: string;
}

/** Everything a run needs to know. */
export interface RunRequest extends ProvisionRequest {
  readonly k6: K6;
}

export interface RunWatch {
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly interruption: Interruption;
}

/**
 * Provision, load, settle. Returns the folder, which can be judged: an interrupt and a target that died under the load
 * are written into the manifest. Throws a `Failure` where there is nothing to judge (no buyers could be made, k6 did not
 * start) and where a file cannot be written.
 */
export async function performRun(request: RunRequest, watch: RunWatch): Promise<string> {
  const clock = watchClock();
  const run = { ...(await openRun(request, request.k6.version, watch)), request, clock };
  const { folder, record } = run;
  try {
    const provisioned = await provision(run);
    const { errors, account } = await load(run, provisioned);
    const status = await settle(run, { ...provisioned, errors });
    const drift = status === 'failed' ? {} : await targetDrift(run, provisioned);
    await record({
      status: watch.interruption.signal.aborted ? 'interrupted' : status,
      load: { ...account, clock: { ...clock.account(), ...drift } },
    });
  } catch (error) {
    await closeBroken(run, error);
  } finally {
    clock.end();
  }
  return folder;
}

/**
 * Provisions and does nothing else; the folder has plan and fixture, and a run with the same run id finds everything.
 */
export async function performProvisioning(
  request: ProvisionRequest,
  watch: RunWatch,
): Promise<string> {
  const run = await openRun(request, null, watch);
  try {
    await provision(run);
    await run.record({ status: watch.interruption.signal.aborted ? 'interrupted' : 'complete' });
  } catch (error) {
    await closeBroken(run, error);
  }
  return run.folder;
}

/** A run's folder with what is known before anything is sent. */
async function openRun(
  request: ProvisionRequest,
  k6: string | null,
  watch: RunWatch,
): Promise<RunInHand> {
  const createdAt = new Date();
  const folder = await createRunFolder(request.runsFolder, request.scenario.name, createdAt);
  const record = await openManifest(folder, {
    ...{ schemaVersion: SCHEMA_VERSION, runId: request.intents.runId },
    ...{ scenario: request.scenario.name, target: request.target.name, url: request.address.url },
    ...(request.target.options.length === 0 ? {} : { options: request.targetOptions }),
    plan: request.plan,
    versions: { onsale: request.onsaleVersion, node: process.versions.node, k6 },
    createdAt: createdAt.toISOString(),
    ...{ status: 'running', stage: 'provision', trouble: [], load: null },
  });
  await writeArtefact(inRun(folder, 'sla'), request.slaText);
  const { intents } = request;
  await writeArtefact(inRun(folder, 'intents'), `${JSON.stringify(intents)}\n`);
  return { request, watch, folder, intents, record };
}

interface RunInHand {
  readonly request: ProvisionRequest;
  readonly watch: RunWatch;
  readonly folder: string;
  readonly intents: IntentsFile;
  readonly record: ManifestRecord;
}

/** How the administrative side reaches the target: only at the addresses that were checked. */
export function connectionTo(
  { request, watch }: Pick<RunInHand, 'request' | 'watch'>,
  onProgress: Connection['onProgress'],
): Connection {
  const agents = pinnedAgents(request.address);
  return {
    url: request.address.url,
    databaseUrl: request.databaseUrl,
    token: request.token,
    options: request.targetOptions,
    timeoutMs: Math.max(10_000, request.plan.timeoutMs),
    signal: watch.interruption.signal,
    onProgress,
    onNotice: watch.terminal.note,
    httpAgent: agents.httpAgent,
    httpsAgent: agents.httpsAgent,
  };
}

async function provision(run: RunInHand): Promise<Provisioned> {
  const { request, watch, intents, folder } = run;
  const tickets = `${request.plan.pools} × ${request.plan.capacity} tickets`;
  watch.terminal.note(`Provisioning ${tickets} and ${intents.intents.length} buyers …`);
  const { admin } = request.target;
  const connection = connectionTo(run, (done, total) =>
    watch.progress.step('provisioning', done, total),
  );
  const made = await admin.provision(connection, { plan: request.plan, intents });
  const timed = await withMeasuredSkew(admin, connection, made.fixture);
  const fixture = { ...timed, exclusive: request.exclusive };
  await writeArtefact(inRun(folder, 'fixture'), `${JSON.stringify(fixture)}\n`);
  return { fixture, secrets: made.secrets };
}

/** Returns how many operations ended as neither ok nor refused, and the account of the load as far as it is known. */
async function load(
  run: RunInHand & { readonly request: RunRequest; readonly clock: ClockWatch },
  { fixture, secrets }: Provisioned,
): Promise<{ errors: number; account: LoadAccount }> {
  const { request, watch, intents, folder, record, clock } = run;
  let errors = 0;
  await record({ stage: 'load' });
  watch.terminal.note(`Load: ${request.scenario.name} on ${request.address.url} …`);
  const { account, trouble } = await runLoad({
    folder,
    k6Path: request.k6.path,
    scenario: request.scenario,
    protocolPath: request.target.protocolPath,
    address: { url: request.address.url, hosts: k6Hosts(request.address) },
    plan: request.plan,
    intents,
    fixture,
    secrets,
    signal: watch.interruption.signal,
    onKill: watch.interruption.onKill,
    onProgress: (now) => {
      errors = now.errors;
      watch.progress.load(now);
    },
  });
  watch.terminal.settle();
  await record({ load: { ...account, clock: clock.account() }, trouble: [...trouble] });
  return { errors, account };
}

/**
 * Reads back what the shop believes. A request that the client gave up on may still be worked on: then the shop is left
 * alone for longer. A shop that cannot be read any more leaves a run that `failed` and is judged without its word.
 */
async function settle(
  run: RunInHand,
  { fixture, secrets, errors }: Provisioned & { errors: number },
): Promise<'complete' | 'failed'> {
  if (run.watch.interruption.signal.aborted) return 'failed';
  const { request, watch, intents, folder, record } = run;
  const { holdMs = 0, expiryGraceMs = 0 } = request.scenario.leavesHolds
    ? (fixture.rules ?? {})
    : {};
  const quietMs =
    Math.max(request.target.quietMs, holdMs + expiryGraceMs) +
    (errors === 0 ? 0 : request.plan.timeoutMs);
  await record({ stage: 'settle' });
  watch.terminal.note('Letting the shop settle, then reading everything back, twice …');
  const { history } = await readHistory(inRun(folder, 'history'));
  const state = await stateOrTrouble({
    target: request.target,
    connection: connectionTo(run, (done, total) =>
      watch.progress.step('reading back', done, total),
    ),
    fixture,
    intents,
    secrets,
    acknowledged: acknowledgedTickets(history),
    quietMs,
  });
  watch.terminal.settle();
  if ('trouble' in state) {
    watch.terminal.note(`The shop could not be read back: ${state.trouble}`);
    await record({ trouble: [state.trouble.slice(0, 1000)] });
    return 'failed';
  }
  await writeArtefact(inRun(folder, 'state'), `${JSON.stringify(state)}\n`);
  return 'complete';
}

/** How much further off the target's clock is than the fixture says; nothing where it is not. */
async function targetDrift(
  run: RunInHand,
  { fixture }: Provisioned,
): Promise<Pick<ClockAccount, 'targetDriftMs'>> {
  const { admin } = run.request.target;
  const connection = connectionTo(run, () => undefined);
  const targetDriftMs = await driftSince(fixture, { admin, connection });
  return targetDriftMs > 0 ? { targetDriftMs } : {};
}

async function stateOrTrouble(asked: SettleRequest): Promise<State | { trouble: string }> {
  try {
    return await readFinalState(asked);
  } catch (error) {
    if (error instanceof Failure) return { trouble: error.message };
    throw error;
  }
}

/** An interrupt ends the run but not the judging of what was recorded. Everything else goes on to the user. */
async function closeBroken(
  { watch, record }: Pick<RunInHand, 'watch' | 'record'>,
  error: unknown,
): Promise<void> {
  watch.terminal.settle();
  const { signal } = watch.interruption;
  const what = String(error instanceof Error ? error.message : error);
  if (signal.aborted) await record({ status: 'interrupted' });
  else await record({ status: 'failed', trouble: [what.slice(0, 1000)] });
  if (error !== signal.reason) throw error;
}
