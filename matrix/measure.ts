import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startReference } from '../bin/flow/reference.ts';
import { type Verdict, verdictSchema } from '../lib/model/verdict.ts';
import { exitCodes } from '../lib/verdict/exit-codes.ts';
import type { Load } from './expected.ts';

const PROGRAM = fileURLToPath(new URL('../bin/loadtest', import.meta.url));
const SLA = fileURLToPath(new URL('sla.yaml', import.meta.url));
const PROCESSES = 2;
/** Many times what a run of three seconds takes; a hanging one must not hold up the others for ever. */
const RUN_LIMIT_MS = 120_000;
/** A verdict carries ten witnesses of a few kilobytes each. */
const OUTPUT_MAX = 16 * 1024 * 1024;

export interface Measurement {
  /** Null where the command gave no verdict. */
  readonly verdict: Verdict | null;
  /** What it said on the way, for when it went wrong. */
  readonly said: string;
}

/**
 * One cell of work: a shop of its own with the flaw in it, on free ports, and `bin/loadtest run` against it as a user
 * would type it, read back over SQL. The run's folder is made under `folder`. Throws where the shop does not start.
 */
export async function measure(
  asked: { flaw: string | null; load: Load; folder: string },
  signal: AbortSignal,
): Promise<Measurement> {
  const shop = await startReference(
    {
      port: 0,
      processes: PROCESSES,
      flaws: asked.flaw === null ? [] : [asked.flaw],
      detach: false,
    },
    // What it logs is the flaw at work, e.g. a batch that was not written.
    { signal, onNote: () => undefined },
  );
  try {
    const flags = ['--url', shop.url, '--runs-folder', asked.folder, ...flagsOf(asked.load)];
    return await runOn(flags, shop.databaseUrl);
  } finally {
    await shop.stop();
  }
}

const flagsOf = (load: Load) =>
  Object.entries(load).flatMap(([name, value]) => [`--${name}`, String(value)]);

/** Not told of the signal: Ctrl-C reaches it by itself, and a second interrupt would kill it. */
function runOn(flags: readonly string[], databaseUrl: string): Promise<Measurement> {
  // The shop is this row's own, on a port that nobody was told.
  const fixed = ['--target', 'primepass', '--sla', SLA, '--exclusive', '--json'];
  const env = { ...process.env, ONSALE_DATABASE_URL: databaseUrl };
  const limits = { timeout: RUN_LIMIT_MS, maxBuffer: OUTPUT_MAX };
  return new Promise((resolve) => {
    const program = [PROGRAM, 'run', 'purchase-burst', ...fixed, ...flags];
    execFile(process.execPath, program, { env, ...limits }, (error, stdout, said) => {
      const code = error === null ? 0 : error.code;
      const judged = [exitCodes.pass, exitCodes.fail, exitCodes.inconclusive].some(
        (each) => each === code,
      );
      const verdict = judged ? verdictSchema.parse(JSON.parse(stdout)) : null;
      resolve({ verdict, said: said === '' && error !== null ? error.message : said });
    });
  });
}
