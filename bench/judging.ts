/**
 * How long judging takes: `npx tsx bench/judging.ts`. Writes sales into a temporary folder (5 GB), then reads and judges
 * them, all invariants, in processes of their own on two cores: 100,000 and 1,000,000 operations, 1,000 at once, and
 * 1,000,000 with 10 at once; the same two of a sale half of whose operations are reads of what is left, of one with an
 * account for each buyer and payments, and of one in which every claim has something to decide; beside them what `JSON.parse`
 * of each line takes by itself, several times by turns; and once 10,000,000. The limits are the project's promise: each
 * 1,000,000 within 5 s and 2 GB, within 12 times the time of 100,000 and within 20 % of each other, however many at once;
 * 10,000,000 within 4 GB. The largest is as large as its files can be: a million rows in the final state, and no plan, as
 * of an imported history.
 *
 * Wall clock's figures grow with whatever else the machine does; `cpuMs`, of all threads, tells the two apart, and ratios go
 * by it.
 * Progress goes to stderr; stdout is one line of JSON with medians. Ends with 1 beyond a limit, and within 20 minutes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Judging } from './judging/judge.ts';
import type { SaleSize } from './judging/size.ts';

const LARGE: SaleSize = {
  ...{ what: 'purchases', length: 1_000_000, sold: 500_000, atOnce: 1000, isPlanned: true },
};
const TEN = { atOnce: 10 };
const sizes = {
  small: { ...LARGE, length: 100_000, sold: 50_000 },
  large: LARGE,
  largeTenAtOnce: { ...LARGE, ...TEN },
  reads: { ...LARGE, what: 'reads' },
  readsTenAtOnce: { ...LARGE, ...TEN, what: 'reads' },
  money: { ...LARGE, what: 'money' },
  moneyTenAtOnce: { ...LARGE, ...TEN, what: 'money' },
  everything: { ...LARGE, what: 'everything' },
  everythingTenAtOnce: { ...LARGE, ...TEN, what: 'everything' },
  huge: { ...LARGE, length: 10_000_000, sold: 1_000_000, isPlanned: false },
} as const satisfies Record<string, SaleSize>;
type Name = keyof typeof sizes;
const ROUNDS = 3;
const CORES = 2;
const LIMITS = { wallMs: 5000, rssMb: 2048, ratio: 12, atOnceRatio: 1.2, hugeRssMb: 4096 };
const TIME_MS_MAX = 1_200_000;
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

const folder = mkdtempSync(join(tmpdir(), 'onsale-judging-'));
const pathOf = (name: Name) => join(folder, `${name}.ndjson`);

function write(name: Name): void {
  process.stderr.write(`writing ${sizes[name].length} operations\n`);
  run('write', pathOf(name), JSON.stringify(sizes[name]));
}

function judge(name: Name): Judging {
  const judging = JSON.parse(run('judge', pathOf(name), JSON.stringify(sizes[name]))) as Judging;
  process.stderr.write(`${name}: ${JSON.stringify(judging)}\n`);
  return judging;
}

/** The floor: what anybody has to do at least who reads such a file as JSON. */
function parse(name: Name): number {
  const { wallMs } = JSON.parse(run('parse', pathOf(name))) as { wallMs: number };
  process.stderr.write(`${name}: JSON.parse of each line ${wallMs} ms\n`);
  return wallMs;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Each figure's own median. */
function medians(rounds: readonly Judging[]): Judging {
  const of = (name: keyof Judging) => median(rounds.map((round) => round[name]));
  return {
    operations: of('operations'),
    readMs: of('readMs'),
    judgeMs: of('judgeMs'),
    wallMs: of('wallMs'),
    cpuMs: of('cpuMs'),
    rssMb: of('rssMb'),
  };
}

const millions = ['large', 'reads', 'money', 'everything'] as const;
const repeated = Object.keys(sizes).filter((name) => name !== 'huge') as Exclude<Name, 'huge'>[];

/** How many times as much one takes as the other, whichever takes more; by the time of all threads. */
function ratioOf(one: Judging, other: Judging): number {
  const [less = 0, more = 0] = [one.cpuMs, other.cpuMs].sort((a, b) => a - b);
  return Number((more / less).toFixed(2));
}

try {
  for (const name of repeated) write(name);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    judgings: new Map(repeated.map((name) => [name, judge(name)])),
    parseMs: parse('large'),
  }));
  const figureOf = (name: (typeof repeated)[number]) =>
    medians(rounds.map(({ judgings }) => judgings.get(name)!));
  const figures = Object.fromEntries(repeated.map((name) => [name, figureOf(name)]));
  const parseMs = median(rounds.map((round) => round.parseMs));
  write('huge');
  const huge = judge('huge');
  const ratio = Number((figures.large!.cpuMs / figures.small!.cpuMs).toFixed(2));
  const atOnceRatios = Object.fromEntries(
    millions.map((name) => [name, ratioOf(figures[name]!, figures[`${name}TenAtOnce`]!)]),
  );
  const met =
    Object.values(figures).every(
      ({ wallMs, rssMb }) => wallMs <= LIMITS.wallMs && rssMb <= LIMITS.rssMb,
    ) &&
    ratio <= LIMITS.ratio &&
    Object.values(atOnceRatios).every((each) => each <= LIMITS.atOnceRatio) &&
    huge.rssMb <= LIMITS.hugeRssMb;
  const cores = isPinned ? CORES : availableParallelism();
  const all = { ...figures, huge, parseMs, ratio, atOnceRatios };
  console.log(
    JSON.stringify({ bench: 'judging', cores, rounds: ROUNDS, ...all, limits: LIMITS, met }),
  );
  process.exitCode = met ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
