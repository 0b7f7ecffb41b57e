import { randomBytes } from 'node:crypto';
import { type Capability, capabilityWords } from '../../lib/model/capability.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import { type Plan, planSchema } from '../../lib/model/plan.ts';
import { checkDatabase, checkTarget } from '../../lib/run/host-guard.ts';
import { planIntents } from '../../lib/run/intents.ts';
import { findK6, type K6 } from '../../lib/run/k6-binary.ts';
import { checkPlanLimits } from '../../lib/run/plan-limits.ts';
import { type Scenario, scenarios } from '../../lib/run/scenarios.ts';
import type { Target } from '../../lib/targets/admin.ts';
import { optionsOf } from '../../lib/targets/options.ts';
import type { RunSettings } from '../run-settings.ts';
import { onsaleVersion } from '../version.ts';
import { loadTarget } from './load-target.ts';
import { connectionTo, type ProvisionRequest, type RunRequest, type RunWatch } from './run.ts';
import { shownPath } from './shown-path.ts';
import { readSlaFile } from './sla-file.ts';
import { unknownName } from './unknown-name.ts';

/** Where a connection string may stand: never a flag, because every user of the machine can read those. */
export const DATABASE_VARIABLE = 'ONSALE_DATABASE_URL';
/** The target's secret: an API token, a key; each target says what it is. */
export const TOKEN_VARIABLE = 'ONSALE_TOKEN';

/** What comes from the environment alone. */
export interface RunSecrets {
  readonly databaseUrl: string | null;
  readonly token: string | null;
}

export function secretsFrom(env: NodeJS.ProcessEnv): RunSecrets {
  return { databaseUrl: env[DATABASE_VARIABLE] || null, token: env[TOKEN_VARIABLE] || null };
}

/** Checks everything a user may have got wrong, in the order in which it costs: names, files, plan, host. */
async function checkedRequest(
  settings: RunSettings,
  { databaseUrl, token }: RunSecrets,
): Promise<ProvisionRequest> {
  const { scenario, sla: slaPath } = settings;
  const target = await loadTarget(settings.target);
  const targetOptions = optionsOf(target, settings.options);
  const plan = checkedPlan(settings.plan);
  checkAbilities(scenario, { plan, target });
  const intents = planIntents(plan, settings.runId ?? newRunId());
  checkPlanLimits(plan, { intents: intents.intents, lifted: settings.liftLimits });
  const { text: slaText } = await readSlaFile(slaPath);
  const address = await checkTarget(settings.url, settings.allowHosts);
  if (databaseUrl !== null) await checkDatabase(databaseUrl, settings.allowHosts);
  return {
    scenario,
    target,
    address,
    databaseUrl,
    token,
    targetOptions,
    plan,
    intents,
    slaText,
    runsFolder: settings.runsFolder,
    exclusive: settings.exclusive,
    onsaleVersion,
  };
}

/**
 * Checks what a user may have got wrong, then asks the target once whether it is the API it should be. Throws the first
 * `Failure`; nothing has been written by then.
 */
export async function prepareProvisioning(
  settings: RunSettings,
  { watch, ...secrets }: RunSecrets & { watch: RunWatch },
): Promise<ProvisionRequest> {
  const request = await checkedRequest(settings, secrets);
  await request.target.admin.probe(connectionTo({ request, watch }, () => undefined));
  return request;
}

/** The same for a run, which also needs k6: it is found, or fetched, before the target is asked anything. */
export async function prepareRun(
  settings: RunSettings,
  { k6, watch, ...secrets }: RunSecrets & { watch: RunWatch; k6?: K6 },
): Promise<RunRequest> {
  const checked = await checkedRequest(settings, secrets);
  const request = { ...checked, k6: k6 ?? (await getK6(watch)) };
  watch.terminal.note(
    `Seed ${request.plan.seed}, SLA ${shownPath(settings.sla)}, k6 ${request.k6.version} from ${request.k6.source}.`,
  );
  await request.target.admin.probe(connectionTo({ request, watch }, () => undefined));
  return request;
}

/** What a scenario with this plan asks of a target. */
function neededBy({ needs }: Scenario, { seats, quantities, stories = [] }: Plan): Capability[] {
  const several = needs.includes('holds') ? 'held-quantities' : 'quantities';
  return [
    ...needs,
    ...(seats === true ? (['seats'] as const) : []),
    ...(quantities.some(({ quantity }) => quantity > 1) ? ([several] as const) : []),
    ...(stories.some(({ story }) => story === 'cancel') ? (['cancel'] as const) : []),
  ];
}

/** A story that the target cannot play is found before anything is sent. */
function checkAbilities(
  scenario: Scenario,
  { plan, target }: { plan: Plan; target: Target },
): void {
  const { name } = scenario;
  const lackingFor = (each: Scenario) =>
    neededBy(each, plan).filter((need) => !target.capabilities.includes(need));
  const lacking = lackingFor(scenario);
  if (lacking.length === 0) return;
  const possible = scenarios.filter((each) => lackingFor(each).length === 0);
  const names = possible.map((each) => each.name).join(', ');
  const others = names === '' ? '' : `, or with ${target.name} use one of ${names}`;
  throw new UsageFailure({
    expected: `a target for ${name}: ${lacking.map((each) => capabilityWords[each]).join('; ')}`,
    got: `${target.name}, which cannot (${lacking.join(', ')})`,
    where: '<scenario>, --target',
    remedy: `Change the plan${others}.`,
  });
}

/** Short enough to be read aloud, long enough never to come twice on one shop. */
const newRunId = () => randomBytes(5).toString('hex');

/** Finds k6, or fetches it, which it says. */
export const getK6 = ({ terminal, interruption }: RunWatch): Promise<K6> =>
  findK6({ env: process.env, onNote: terminal.note, signal: interruption.signal });

export function findScenario(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw unknownName(name, {
    known: scenarios.map((scenario) => scenario.name),
    what: 'the scenarios ',
    where: '<scenario>',
    more: ' "bin/loadtest scenarios" lists them all.',
  });
}

/** Settings are checked one by one; a plan may want more of them than they do. */
function checkedPlan(plan: Plan): Plan {
  const parsed = planSchema.safeParse(plan);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageFailure({
    expected: 'a plan that can be played',
    got: issue?.message ?? 'something else',
    where: `the plan: ${issue?.path.join('.')}`,
    remedy: 'See bin/loadtest run --help for units and ranges.',
  });
}
