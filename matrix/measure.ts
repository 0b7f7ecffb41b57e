import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startReference } from '../bin/flow/reference.ts';
import { type Verdict, verdictSchema } from '../lib/model/verdict.ts';
import { exitCodes } from '../lib/verdict/exit-codes.ts';
import type { Load, Row } from './row.ts';

const PROGRAM = fileURLToPath(new URL('../bin/loadtest', import.meta.url));
const SLA = fileURLToPath(new URL('sla.yaml', import.meta.url));
const PROCESSES = 2;
/** Many times what a run of three seconds takes; a hanging one must not hold up the others for ever. */
const RUN_LIMIT_MS = 120_000;
/** Exit codes with which there is a verdict. */
const VERDICTS = [exitCodes.pass, exitCodes.fail, exitCodes.inconclusive];
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
  asked: { row: Pick<Row, 'api' | 'options' | 'flaw'>; load: Load; folder: string },
  signal: AbortSignal,
): Promise<Measurement> {
  const { api, options, flaw } = asked.row;
  const shop = await startReference(
    {
      api,
      options,
      port: 0,
      processes: PROCESSES,
      flaws: flaw === null ? [] : [flaw],
      detach: false,
    },
    // What it logs is the flaw at work, e.g. a batch that was not written.
    { signal, onNote: () => undefined },
  );
  try {
    const target = ['--target', shop.target, '--url', shop.url];
    const words = [...wordsOf(asked.load), ...target, '--runs-folder', asked.folder];
    return await runOn(words, shop.environment);
  } finally {
    await shop.stop();
  }
}

const wordsOf = ({ scenario, more, ...flags }: Load) => [
  scenario,
  ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ...more,
];

/** Not told of the signal: Ctrl-C reaches it by itself, and a second interrupt would kill it. */
async function runOn(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Measurement> {
  // The shop is this row's own, on a port that nobody was told.
  const fixed = ['--sla', SLA, '--exclusive', '--json'];
  const { code, stdout, stderr } = await ended([PROGRAM, 'run', ...words, ...fixed], {
    ...process.env,
    ...environment,
  });
  const said = `${stderr}\nIt ended with ${code}.`;
  if (!VERDICTS.some((each) => each === code)) return { verdict: null, said };
  return { verdict: verdictSchema.parse(JSON.parse(stdout)), said };
}

/** What a command said, and its exit code or the signal that ended it. */
function ended(args: readonly string[], env: NodeJS.ProcessEnv) {
  const options = { env, timeout: RUN_LIMIT_MS, maxBuffer: OUTPUT_MAX };
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? error.signal), stdout, stderr }),
    );
  });
}
