import { UsageFailure } from '../../lib/model/failure.ts';
import {
  type CommandFlags,
  explainSettings,
  flagsGiven,
  resolveSettings,
  type SettingRow,
  type Settings,
  unknownVariables,
} from '../../lib/run/settings.ts';
import { readSettingsFiles } from '../../lib/run/settings-files.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import type { OutputOptions } from '../output-options.ts';
import { planIn, type RunSettings, runSettingsOf } from '../run-settings.ts';
import { DATABASE_VARIABLE, findScenario, prepareRun, TOKEN_VARIABLE } from './request.ts';
import { runAndTell, withWatch } from './run-and-tell.ts';

/** Variables of ours that are no settings. */
const OTHER_VARIABLES = [DATABASE_VARIABLE, TOKEN_VARIABLE, 'ONSALE_BUILD'];

/** `run`: settings from everywhere, then the main job. */
export async function run(
  scenario: string,
  { options, command }: { options: OutputOptions & { settings?: boolean }; command: CommandFlags },
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
  const { values } = resolved;
  const settings: RunSettings = {
    scenario: story,
    target: needed(values.target, '--target', 'bin/loadtest targets lists them.'),
    url: needed(values.url, '--url', 'Say where the target is, e.g. --url http://127.0.0.1:5000.'),
    sla: values.sla,
    runsFolder: values.runsFolder,
    allowHosts: values.allowHost,
    liftLimits: values.liftLimits,
    exclusive: values.exclusive,
    options: values.option,
    plan: planIn(values),
  };
  return withWatch(options, async (watch) => {
    for (const { name, nearest } of unknownVariables(declared, process.env, OTHER_VARIABLES))
      watch.terminal.note(
        `Note: ${name} is no setting${nearest === null ? '' : `; did you mean ${nearest}?`}`,
      );
    const databaseUrl = process.env[DATABASE_VARIABLE] || null;
    const token = process.env[TOKEN_VARIABLE] || null;
    const request = await prepareRun(settings, { databaseUrl, token, watch });
    return runAndTell(request, { watch, options });
  });
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
