import { holdLease } from '../../lib/run/leases.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { flaws } from '../../target/flaws/registry.ts';
import type { OutputOptions } from '../output-options.ts';
import { type RunSettings, slaOf } from '../run-settings.ts';
import { startReference } from './reference.ts';
import { findScenario, getK6, prepareRun } from './request.ts';
import { runAndTell, withWatch } from './run-and-tell.ts';
import { unknownName } from './unknown-name.ts';

const PROCESSES = 2;

/**
 * `demo`: a real shop of its own on loopback, the main job against it, and nothing left behind: the shop ends with
 * this process, however this process ends.
 */
export async function demo(
  options: OutputOptions & { flaw: string[]; listFlaws?: boolean },
): Promise<number> {
  if (options.listFlaws === true) {
    for (const { name, bug } of flaws) process.stdout.write(`${name.padEnd(20)} ${bug}\n`);
    return exitCodes.pass;
  }
  checkFlaws(options.flaw);
  return withWatch(options, async (watch) => {
    const k6 = await getK6(watch);
    watch.terminal.note(
      'Starting the reference shop: PostgreSQL and two processes behind one port …',
    );
    const shop = await startReference(
      { port: 0, processes: PROCESSES, flaws: options.flaw, detach: false },
      { signal: watch.interruption.signal, onNote: watch.terminal.note },
    );
    const release = await holdLease(
      { what: 'the reference shop', pid: shop.pid },
      { env: process.env },
    );
    const forget = watch.interruption.onKill(() => shop.child.kill('SIGKILL'));
    try {
      const request = await prepareRun(settingsFor(shop.url), {
        databaseUrl: shop.databaseUrl,
        token: null,
        watch,
        k6,
      });
      return await runAndTell(request, { watch, options, onSettled: shop.stop });
    } finally {
      await shop.stop();
      forget();
      await release();
    }
  });
}

/** Before anything is fetched or started. */
function checkFlaws(asked: readonly string[]): void {
  const names = flaws.map(({ name }) => name);
  const wrong = asked.flatMap((list) => list.split(',')).find((name) => !names.includes(name));
  if (wrong === undefined) return;
  throw unknownName(wrong, {
    known: names,
    what: 'the flaws ',
    where: '--flaw',
    more: ' "bin/loadtest demo --list-flaws" says what each of them is.',
  });
}

/** The main job as the scenario has it; files and variables of the user do not reach into the demo. */
function settingsFor(url: string): RunSettings {
  const scenario = findScenario('purchase-burst');
  return {
    scenario,
    target: 'primepass',
    url,
    sla: slaOf(scenario),
    runsFolder: 'runs',
    allowHosts: [],
    liftLimits: false,
    // It is the demo's own shop, on a port that nobody was told.
    exclusive: true,
    options: [],
    runId: null,
    plan: scenario.planDefaults,
  };
}
