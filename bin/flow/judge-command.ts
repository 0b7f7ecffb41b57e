import { UsageFailure } from '../../lib/model/failure.ts';
import type { OutputOptions } from '../output-options.ts';
import { openTerminal } from '../terminal.ts';
import { judgeAgain } from './again.ts';
import { type ForeignRun, importForeign } from './foreign.ts';

/** As commander gives them: what was not on the command line is absent. */
export type JudgeOptions = OutputOptions &
  Partial<Omit<ForeignRun, 'clockErrorMs'>> & { readonly clockError?: number };

/** Options that speak of a history of another tool, as they are typed. */
const FOREIGN_ONLY = {
  pool: '--pool',
  fixture: '--fixture',
  state: '--state',
  intents: '--intents',
  name: '--name',
  clockError: '--clock-error',
  historyComplete: '--history-complete',
  loadDelivered: '--load-delivered',
  exclusive: '--exclusive',
} as const satisfies Partial<Record<keyof JudgeOptions, string>>;

/** `judge`: a run that is there, or a history that becomes one. Returns the verdict's exit code. */
export async function judgeCommand(
  run: string | undefined,
  options: JudgeOptions,
): Promise<number> {
  const { history, sla, json = false, quiet = false } = options;
  if (history === undefined) {
    const stray = Object.entries(FOREIGN_ONLY).find(([name]) => name in options);
    if (stray !== undefined) throw unclear(`${stray[1]} without --history`);
    if (run === undefined) throw unclear('neither');
    return judgeAgain(run, { json, quiet, ...(sla === undefined ? {} : { sla }) });
  }
  if (run !== undefined) throw unclear('both');
  const given: ForeignRun = {
    history,
    sla,
    state: options.state,
    intents: options.intents,
    fixture: options.fixture,
    name: options.name,
    pool: options.pool ?? [],
    clockErrorMs: options.clockError,
    historyComplete: options.historyComplete === true,
    loadDelivered: options.loadDelivered === true,
    exclusive: options.exclusive === true,
  };
  const folder = await importForeign(given, 'runs');
  openTerminal({ quiet }).note(`Imported into ${folder}.`);
  return judgeAgain(folder, { json, quiet });
}

function unclear(got: string): UsageFailure {
  return new UsageFailure({
    expected: 'the folder of a run, or --history with a file of another tool',
    got,
    where: 'the command line',
    remedy: 'See "bin/loadtest judge --help".',
  });
}
