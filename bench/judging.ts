/**
 * How long judging takes: `npx tsx bench/judging.ts`. Writes sales of 100,000 and 1,000,000 operations, 1,000 at once,
 * into a temporary folder, then reads and judges each in processes of its own. The limits are the project's promise:
 * 1,000,000 within 5 s and 1.5 GB on two cores, and within 12 times the time of 100,000.
 * Progress goes to stderr; stdout is one line of JSON.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 3;
const LIMITS = { wallMs: 5000, rssMb: 1536, ratio: 12 };
const part = (name: string) => fileURLToPath(new URL(`judging/${name}.ts`, import.meta.url));

interface Judging {
  readonly operations: number;
  readonly readMs: number;
  readonly judgeMs: number;
  /** All threads; far above the wall clock's or below it, the machine was busy with other things. */
  readonly cpuMs: number;
  readonly rssMb: number;
}

function run(script: string, ...given: string[]): string {
  const child = spawnSync(process.execPath, ['--import', 'tsx', part(script), ...given], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 600_000,
  });
  if (child.status !== 0) throw new Error(`${script} ended with ${child.status ?? child.signal}`);
  return child.stdout;
}

/** The round with the median time of reading and judging. */
function measure(folder: string, operations: number): Judging {
  const path = join(folder, `${operations}.ndjson`);
  process.stderr.write(`writing ${operations} operations\n`);
  run('write', path, String(operations));
  const rounds = Array.from({ length: ROUNDS }, () => {
    const judging = JSON.parse(run('judge', path, String(operations))) as Judging;
    process.stderr.write(`${JSON.stringify(judging)}\n`);
    return judging;
  });
  rounds.sort((a, b) => a.readMs + a.judgeMs - b.readMs - b.judgeMs);
  return rounds[Math.floor(ROUNDS / 2)]!;
}

const folder = mkdtempSync(join(tmpdir(), 'onsale-judging-'));
try {
  const small = measure(folder, 100_000);
  const large = measure(folder, 1_000_000);
  const wallMs = large.readMs + large.judgeMs;
  const ratio = wallMs / (small.readMs + small.judgeMs);
  const within = wallMs <= LIMITS.wallMs && large.rssMb <= LIMITS.rssMb && ratio <= LIMITS.ratio;
  const rounded = Number(ratio.toFixed(2));
  console.log(
    JSON.stringify({
      bench: 'judging',
      small,
      large,
      wallMs,
      ratio: rounded,
      limits: LIMITS,
      within,
    }),
  );
  process.exitCode = within ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
