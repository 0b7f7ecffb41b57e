import { rm } from 'node:fs/promises';
import { asRunFailure } from '../../lib/artefacts/write.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { apis } from '../../target/facades/registry.ts';
import { pretixCache } from '../../target/pretix/cache-folder.ts';
import { purgePretix } from '../../target/pretix/install.ts';
import { type Interruption, watchInterruption } from '../interruption.ts';
import { openTerminal } from '../terminal.ts';
import {
  environmentPath,
  findDetached,
  noteDetached,
  stopDetached,
  writeEnvironment,
} from './detached.ts';
import {
  type Reference,
  type ReferenceOptions,
  type RunningReference,
  startReference,
} from './reference.ts';

/** As wide as the longest names are. */
const FLAW_WIDTH = 27;

function describe({ api, target, url, processes, flaws, environment }: Reference): string {
  const how = flaws.length === 0 ? 'no flaw' : `flaws: ${flaws.join(', ')}`;
  return [
    `Reference service (${api}) on ${url} (${processes} processes, ${how}).`,
    `  $ . ${environmentPath()}     # ${Object.keys(environment).join(', ')}: for provisioning and read-back`,
    `  $ bin/loadtest run purchase-burst --target ${target} --url ${url}`,
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
  const { note } = openTerminal({ quiet: false });
  const interruption = watchInterruption(note);
  const { signal } = interruption;
  try {
    const started = await startReference(options, { signal, onNote: note });
    return await (options.detach ? leave(started) : stay(started, interruption));
  } catch (error) {
    if (error !== signal.reason) throw error;
    return exitCodes.interrupted;
  } finally {
    interruption.release();
  }
}

/** One that nobody could find again must not stay. */
async function leave(started: RunningReference): Promise<number> {
  try {
    await noteDetached(started);
  } catch (error) {
    await started.stop();
    throw error;
  }
  started.release();
  process.stdout.write(`${describe(started)}\n  $ bin/loadtest target down\n`);
  return exitCodes.pass;
}

/** Could-not-run where it ends without being asked to. */
async function stay(started: RunningReference, interruption: Interruption): Promise<number> {
  const { signal, onKill } = interruption;
  onKill(() => started.child.kill('SIGKILL'));
  try {
    await writeEnvironment(started.environment);
    process.stdout.write(`${describe(started)}\nCtrl-C ends it.\n`);
    await untilOver(signal, started.ended);
  } finally {
    await started.stop();
    await rm(environmentPath(), { force: true });
  }
  return signal.aborted ? exitCodes.pass : exitCodes.couldNotRun;
}

function untilOver(signal: AbortSignal, ended: Promise<unknown>): Promise<unknown> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return Promise.race([aborted, ended]);
}

/**
 * `target down`: ends the detached one; having none is no error. What was installed for it stays in the user's cache
 * unless it is purged.
 */
export async function targetDown({ purge }: { purge: boolean }): Promise<number> {
  const stopped = await stopDetached();
  process.stdout.write(
    stopped ? 'Reference service ended.\n' : 'No detached reference service runs.\n',
  );
  if (!purge) return exitCodes.pass;
  const removed = await purgePretix(process.env).catch((cause: unknown) => {
    throw asRunFailure(pretixCache(process.env), cause);
  });
  process.stdout.write(removed === null ? 'Nothing is installed.\n' : `Removed ${removed}.\n`);
  return exitCodes.pass;
}

/** `target list`: every API with its options and flaws. */
export function targetList(): void {
  for (const { name, summary, options, flaws } of apis) {
    process.stdout.write(`${name}  ${summary}\n`);
    for (const { name: option, initial, summary: what } of options)
      process.stdout.write(`  --option ${option}=${initial}  ${what}\n`);
    for (const { name: flaw, bug } of flaws)
      process.stdout.write(`  --flaw ${flaw.padEnd(FLAW_WIDTH)}  ${bug}\n`);
  }
}
