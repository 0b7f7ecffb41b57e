import { rm } from 'node:fs/promises';
import { UsageFailure } from '../../lib/model/failure.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { watchInterruption } from '../interruption.ts';
import { openTerminal } from '../terminal.ts';
import {
  environmentPath,
  findDetached,
  noteDetached,
  stopDetached,
  writeEnvironment,
} from './detached.ts';
import { type Reference, type ReferenceOptions, startReference } from './reference.ts';

function describe({ url, processes, flaws }: Reference): string {
  const how = flaws.length === 0 ? 'no flaw' : `flaws: ${flaws.join(', ')}`;
  return [
    `Reference service on ${url} (${processes} processes, ${how}).`,
    `  $ . ${environmentPath()}     # its database, for provisioning and read-back by SQL`,
    `  $ bin/loadtest run purchase-burst --target primepass --url ${url}`,
  ].join('\n');
}

/** `target up`: in the foreground until it is interrupted, or detached until `target down`. */
export async function targetUp(options: ReferenceOptions & { detach: boolean }): Promise<number> {
  const running = await findDetached();
  if (running !== null)
    throw new UsageFailure({
      expected: 'no reference service to run yet',
      got: `one on ${running.url}, process ${running.process.pid}`,
      where: 'target up',
      remedy: 'Use it, or end it with: bin/loadtest target down',
    });
  const terminal = openTerminal({ quiet: false });
  const interruption = watchInterruption(terminal.note);
  const started = await startReference(options, {
    signal: interruption.signal,
    onNote: terminal.note,
  });
  if (options.detach) {
    await noteDetached(started);
    started.release();
    process.stdout.write(`${describe(started)}\n  $ bin/loadtest target down\n`);
    interruption.release();
    return exitCodes.pass;
  }
  interruption.onKill(() => started.child.kill('SIGKILL'));
  await writeEnvironment(started.databaseUrl);
  process.stdout.write(`${describe(started)}\nCtrl-C ends it.\n`);
  await untilOver(interruption.signal, started.ended);
  await started.stop();
  await rm(environmentPath(), { force: true });
  interruption.release();
  return interruption.signal.aborted ? exitCodes.pass : exitCodes.couldNotRun;
}

function untilOver(signal: AbortSignal, ended: Promise<unknown>): Promise<unknown> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return Promise.race([aborted, ended]);
}

/** `target down`: ends the detached one; having none is no error. */
export async function targetDown(): Promise<number> {
  const stopped = await stopDetached();
  process.stdout.write(
    stopped ? 'Reference service ended.\n' : 'No detached reference service runs.\n',
  );
  return exitCodes.pass;
}
