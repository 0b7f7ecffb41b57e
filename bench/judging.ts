/**
 * How long judging takes: `npx tsx bench/judging.ts`. Writes sales of 100,000 and 1,000,000 operations, 1,000 at once,
 * into a temporary folder, then reads and judges each five times by turns, in processes of their own on two cores. The
 * limits are the project's promise: 1,000,000 within 5 s and 1.5 GB, and within 12 times the time of 100,000. Wall
 * clock's figures grow with whatever else the machine does; `cpuMs`, of all threads, tells the two apart.
 * Progress goes to stderr; stdout is one line of JSON with medians. Ends with 1 beyond a limit, and within 3 minutes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Judging } from './judging/judge.ts';

const SMALL = 100_000;
const LARGE = 1_000_000;
const ROUNDS = 5;
const CORES = 2;
const LIMITS = { wallMs: 5000, rssMb: 1536, ratio: 12 };
const TIME_MS_MAX = 170_000;
const deadline = performance.now() + TIME_MS_MAX;
const part = (name: string) => fileURLToPath(new URL(`judging/${name}.ts`, import.meta.url));

/** Where there are more cores, `taskset` leaves two; where there is no `taskset`, all are used, and the result says so. */
const isPinned = availableParallelism() > CORES && spawnSync('taskset', ['--version']).status === 0;
const pinned = isPinned ? ['taskset', '--cpu-list', `0-${CORES - 1}`] : [];

function run(script: string, ...given: string[]): string {
  const [program = '', ...rest] = [...pinned, process.execPath, '--import', 'tsx', part(script)];
  const child = spawnSync(program, [...rest, ...given], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: Math.max(1, Math.round(deadline - performance.now())),
    killSignal: 'SIGKILL',
  });
  if (child.error !== undefined) throw child.error;
  if (child.status !== 0) throw new Error(`${script} ended with ${child.status ?? child.signal}`);
  return child.stdout;
}

function judge(path: string, operations: number): Judging {
  const judging = JSON.parse(run('judge', path, String(operations))) as Judging;
  process.stderr.write(`${JSON.stringify(judging)}\n`);
  return judging;
}

/** Each figure's own median. */
function medians(rounds: readonly Judging[]): Judging {
  const median = (name: keyof Judging) =>
    rounds.map((round) => round[name]).sort((a, b) => a - b)[rounds.length >> 1]!;
  return {
    operations: median('operations'),
    readMs: median('readMs'),
    judgeMs: median('judgeMs'),
    wallMs: median('wallMs'),
    cpuMs: median('cpuMs'),
    rssMb: median('rssMb'),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'onsale-judging-'));
try {
  const paths = { small: join(folder, 'small.ndjson'), large: join(folder, 'large.ndjson') };
  process.stderr.write(`writing ${SMALL} and ${LARGE} operations\n`);
  run('write', paths.small, String(SMALL));
  run('write', paths.large, String(LARGE));
  const rounds = Array.from({ length: ROUNDS }, () => ({
    small: judge(paths.small, SMALL),
    large: judge(paths.large, LARGE),
  }));
  const small = medians(rounds.map((round) => round.small));
  const large = medians(rounds.map((round) => round.large));
  const ratio = Number((large.wallMs / small.wallMs).toFixed(2));
  const met = large.wallMs <= LIMITS.wallMs && large.rssMb <= LIMITS.rssMb && ratio <= LIMITS.ratio;
  const cores = isPinned ? CORES : availableParallelism();
  const result = { bench: 'judging', cores, rounds: ROUNDS, small, large, ratio };
  console.log(JSON.stringify({ ...result, limits: LIMITS, met }));
  process.exitCode = met ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
