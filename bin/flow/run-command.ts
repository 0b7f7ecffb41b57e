import { UsageFailure } from '../../lib/model/failure.ts';
import type { Scenario } from '../../lib/run/scenarios.ts';
import {
  type CommandFlags,
  explainSettings,
  flagsGiven,
  resolveSettings,
  type SettingRow,
  type Settings,
  type SettingValues,
  unknownVariables,
} from '../../lib/run/settings.ts';
import { readSettingsFiles } from '../../lib/run/settings-files.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import type { OutputOptions } from '../output-options.ts';
import { planIn, type RunSettings, runSettingsOf } from '../run-settings.ts';
import { sayable } from '../sayable.ts';
import { isOwnTarget } from './load-target.ts';
import {
  DATABASE_VARIABLE,
  findScenario,
  prepareProvisioning,
  prepareRun,
  secretsFrom,
  TOKEN_VARIABLE,
} from './request.ts';
import { connectionTo, performProvisioning, type RunWatch } from './run.ts';
import { runAndTell, withWatch } from './run-and-tell.ts';
import { inRun } from './run-files.ts';
import { shownPath } from './shown-path.ts';

/** Variables of ours that are no settings. */
const OTHER_VARIABLES = [DATABASE_VARIABLE, TOKEN_VARIABLE, 'ONSALE_BUILD'];

type RunOptions = OutputOptions & { settings?: boolean; dryRun?: boolean };

interface Typed {
  readonly options: RunOptions;
  readonly command: CommandFlags;
}

/** `run`: settings from everywhere, then the main job. */
export function run(scenario: string, typed: Typed): Promise<number> {
  return withSettings(scenario, typed, async (settings, watch) => {
    const { options } = typed;
    if (options.dryRun === true) return outline(settings, watch);
    const request = await prepareRun(settings, { ...secretsFrom(process.env), watch });
    return runAndTell(request, { watch, options });
  });
}

/** `provision`: the first stage of a run alone, or with `--dry-run` only what it would do. */
export function provision(scenario: string, typed: Typed): Promise<number> {
  return withSettings(scenario, typed, async (settings, watch) => {
    if (typed.options.dryRun === true) return outline(settings, watch);
    const request = await prepareProvisioning(settings, { ...secretsFrom(process.env), watch });
    const folder = await performProvisioning(request, watch);
    watch.terminal.settle();
    const { runId } = request.intents;
    const told = { runId, folder, fixture: inRun(folder, 'fixture') };
    process.stdout.write(
      typed.options.json === true
        ? `${JSON.stringify(told, null, 2)}\n`
        : `Provisioned as ${runId}; what was made stands in ${shownPath(told.fixture)}.\n` +
            `  $ bin/loadtest run ${scenario} --run-id ${runId} …   # with the same flags\n` +
            `  $ bin/loadtest deprovision ${shownPath(folder)}${fileOf(settings)}\n`,
    );
    return exitCodes.pass;
  });
}

/** A run does not keep where the file of an API of one's own lies. */
const fileOf = ({ target }: RunSettings) => (isOwnTarget(target) ? ` --target ${target}` : '');

/** Says what provisioning would do; the target is only read. */
async function outline(settings: RunSettings, watch: RunWatch): Promise<number> {
  const request = await prepareProvisioning(settings, { ...secretsFrom(process.env), watch });
  const connection = connectionTo({ request, watch }, () => undefined);
  const steps = await request.target.admin.outline(connection, request);
  process.stdout.write(`${sayable(steps.map((step) => `- ${step}`).join('\n'))}\n`);
  return exitCodes.pass;
}

async function withSettings(
  scenario: string,
  { options, command }: Typed,
  work: (settings: RunSettings, watch: RunWatch) => Promise<number>,
): Promise<number> {
  // First of all: whoever mistypes it should not be asked for a target before.
  const story = findScenario(scenario);
  const declared = runSettingsOf(story);
  const resolved = resolveSettings(declared, {
    flags: settingFlags(command, declared),
    env: process.env,
    files: await readSettingsFiles({ cwd: process.cwd(), env: process.env }),
  });
  if (options.settings === true) {
    printSettings(explainSettings(declared, resolved), options);
    return exitCodes.pass;
  }
  const settings = settingsFrom(story, resolved.values);
  return withWatch(options, (watch) => {
    for (const { name, nearest } of unknownVariables(declared, process.env, OTHER_VARIABLES))
      watch.terminal.note(
        `Note: ${name} is no setting${nearest === null ? '' : `; did you mean ${nearest}?`}`,
      );
    return work(settings, watch);
  });
}

function settingsFrom(
  scenario: Scenario,
  values: SettingValues<ReturnType<typeof runSettingsOf>>,
): RunSettings {
  return {
    scenario,
    target: needed(values.target, '--target', 'bin/loadtest targets lists them.'),
    url: needed(values.url, '--url', 'Say where the target is, e.g. --url http://127.0.0.1:5000.'),
    sla: values.sla,
    runsFolder: values.runsFolder,
    allowHosts: values.allowHost,
    liftLimits: values.liftLimits,
    exclusive: values.exclusive,
    options: values.option,
    runId: values.runId,
    plan: planIn(values),
  };
}

/** Without the flags that say how to print. */
function settingFlags(command: CommandFlags, declared: Settings): Record<string, unknown> {
  const given = Object.entries(flagsGiven(command));
  return Object.fromEntries(given.filter(([name]) => Object.hasOwn(declared, name)));
}

function needed(value: string | null, flag: string, remedy: string): string {
  if (value !== null) return value;
  throw new UsageFailure({ expected: `a value for ${flag}`, got: 'none', where: flag, remedy });
}

function printSettings(rows: readonly SettingRow[], { json }: OutputOptions): void {
  if (json === true) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const widest = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, value, source } of rows)
    process.stdout.write(
      `${name.padEnd(widest)}  ${(value === 'null' ? 'not set' : value).padEnd(12)}  ${source}\n`,
    );
}
