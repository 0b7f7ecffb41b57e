import { holdLease } from '../../lib/run/leases.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { flaws } from '../../target/flaws/registry.ts';
import type { OutputOptions } from '../output-options.ts';
import type { RunSettings } from '../run-settings.ts';
import { startReference } from './reference.ts';
import { prepareRun } from './request.ts';
import { runAndTell, withWatch } from './run-and-tell.ts';

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
  return withWatch(options, async (watch) => {
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
        watch,
      });
      return await runAndTell(request, { watch, options });
    } finally {
      await shop.stop();
      forget();
      await release();
    }
  });
}

/** The main job as the scenario has it; files and variables of the user do not reach into the demo. */
function settingsFor(url: string): RunSettings {
  return {
    scenario: 'purchase-burst',
    target: 'primepass',
    url,
    sla: null,
    runsFolder: 'runs',
    allowHosts: [],
    liftLimits: false,
    plan: {},
  };
}
