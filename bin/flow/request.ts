import { randomBytes } from 'node:crypto';
import { UsageFailure } from '../../lib/model/failure.ts';
import { type Plan, planSchema } from '../../lib/model/plan.ts';
import { checkDatabase, checkTarget } from '../../lib/run/host-guard.ts';
import { planIntents } from '../../lib/run/intents.ts';
import { findK6, type K6 } from '../../lib/run/k6-binary.ts';
import { checkPlanLimits } from '../../lib/run/plan-limits.ts';
import { type Scenario, scenarios } from '../../lib/run/scenarios.ts';
import { optionsOf } from '../../lib/targets/options.ts';
import { findTarget } from '../../lib/targets/registry.ts';
import type { RunSettings } from '../run-settings.ts';
import { onsaleVersion } from '../version.ts';
import { connectionTo, type RunRequest, type RunWatch } from './run.ts';
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

/**
 * Checks everything a user may have got wrong, in the order in which it costs: names, files, plan, host; then finds or
 * fetches k6 and asks the target once whether it is the API it should be. Throws the first `Failure`; no purchase and
 * nothing written has happened by then.
 */
export async function prepareRun(
  settings: RunSettings,
  { databaseUrl, token, watch, k6 }: RunSecrets & { watch: RunWatch; k6?: K6 },
): Promise<RunRequest> {
  const { scenario, sla: slaPath } = settings;
  const target = findTarget(settings.target);
  const targetOptions = optionsOf(target, settings.options);
  const plan = checkedPlan(settings.plan);
  const intents = planIntents(plan, newRunId());
  checkPlanLimits(plan, { intents: intents.intents, lifted: settings.liftLimits });
  const { text: slaText } = await readSlaFile(slaPath);
  const address = await checkTarget(settings.url, settings.allowHosts);
  if (databaseUrl !== null) await checkDatabase(databaseUrl, settings.allowHosts);
  const request: RunRequest = {
    scenario,
    target,
    address,
    databaseUrl,
    token,
    targetOptions,
    plan,
    intents,
    slaText,
    k6: k6 ?? (await getK6(watch)),
    runsFolder: settings.runsFolder,
    exclusive: settings.exclusive,
    onsaleVersion,
  };
  watch.terminal.note(
    `Seed ${plan.seed}, SLA ${shownPath(slaPath)}, k6 ${request.k6.version} from ${request.k6.source}.`,
  );
  await target.admin.probe(connectionTo({ request, watch }, () => undefined));
  return request;
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
