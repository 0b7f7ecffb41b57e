/**
 * Is the judge right? Every planted flaw under real load: real k6, the real reference service in two processes on a
 * real PostgreSQL, read back over SQL. Prints what each invariant said and compares it with matrix/expected.ts. Exit
 * code 0 if every cell agrees, 1 if one differs, 2 for a command line that cannot be used, 130 if interrupted.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { invariants } from '../lib/invariants/registry.ts';
import type { FindingValue } from '../lib/model/finding.ts';
import { projectRoot } from '../lib/run/project-root.ts';
import { exitCodes } from '../lib/verdict/exit-codes.ts';
import { type Comparison, compare, isWorthAnother } from './compare.ts';
import { briefRows, rows } from './expected.ts';
import { type Measurement, measure } from './measure.ts';
import type { Load, Row } from './row.ts';
import { withTables } from './table.ts';

/** Several at a time: while one shop is left alone before it is read back, the others can have the processors. */
const AT_ONCE = 3;
const SEEDS_MAX = 1000;
/** Runs in which a flaw that is up to timing may show. */
const TRIES_MAX = 3;
const DOCUMENT = join(projectRoot, 'docs', 'accuracy-matrix.md');
const ids = invariants.map(({ id }) => id);

interface Job {
  readonly row: Row;
  readonly load: Load;
  readonly folder: string;
}

interface Tried extends Comparison {
  readonly tries: number;
}

interface Asked {
  readonly rows: readonly Row[];
  readonly seeds: number;
  readonly write: boolean;
}

function readCommandLine(): Asked | string {
  const options = {
    seeds: { type: 'string', default: '1' },
    brief: { type: 'boolean' },
    write: { type: 'boolean' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const unheardOf = positionals.find((name) => !rows.some((row) => row.name === name));
    if (unheardOf !== undefined)
      return `expected one of ${rows.map(({ name }) => name).join(', ')}, got ${JSON.stringify(unheardOf)}.`;
    const seeds = Number(values.seeds);
    if (!Number.isInteger(seeds) || seeds < 1 || seeds > SEEDS_MAX)
      return `expected --seeds with a whole number from 1 to ${SEEDS_MAX}, got ${JSON.stringify(values.seeds)}.`;
    const chosen = (values.brief === true ? briefRows : rows).filter(
      ({ name }) => positionals.length === 0 || positionals.includes(name),
    );
    const write = values.write === true;
    if (write && chosen.length < rows.length)
      return 'expected --write for the whole matrix, got names.';
    return { rows: chosen, seeds, write };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The n-th repetition takes the n-th load, in turns, and a seed that no other repetition has. */
function jobsOf({ rows, seeds }: Asked, folder: string): Job[] {
  return rows.flatMap((row) =>
    Array.from({ length: seeds }, (_, n) => {
      const load = row.loads[n % row.loads.length]!;
      return {
        row,
        load: { ...load, seed: load.seed + n },
        folder: join(folder, `${row.name}-${load.seed + n}`),
      };
    }),
  );
}

/** Again with another seed where a run showed less than the table says; every run is told. */
async function perform(job: Job, signal: AbortSignal): Promise<Tried> {
  for (let tries = 1; ; tries++) {
    const comparison = await performOnce(job, signal);
    if (tries === TRIES_MAX || signal.aborted || !isWorthAnother(comparison))
      return { ...comparison, tries };
    const seed = job.load.seed + SEEDS_MAX;
    job = { ...job, load: { ...job.load, seed }, folder: `${job.folder}-again` };
  }
}

async function performOnce(job: Job, signal: AbortSignal): Promise<Comparison> {
  const { row, load, folder } = job;
  // A shop that does not start gives no verdict either, and the other rows go on.
  const { verdict, said } = await measure({ row, load, folder }, signal).catch(
    (error: unknown) => ({ verdict: null, said: String(error) }),
  );
  const comparison = compare(row, ids, verdict);
  if (!signal.aborted) tell(job, { verdict, said, comparison });
  return comparison;
}

/** One line a run, and one more for each cell that is not as expected. */
function tell(
  { row, load }: Job,
  { verdict, said, comparison }: Measurement & { comparison: Comparison },
): void {
  const { differences } = comparison;
  const mark = isWorthAnother(comparison) ? '–' : '✗';
  const title = `${differences.length === 0 ? '✓' : mark} ${`${row.name}, seed ${load.seed}`.padEnd(28)}`;
  if (verdict === null) {
    const words = said.trim().replaceAll(/^/gm, '    ');
    console.log(`${title} no verdict, so none of its ${differences.length} cells agree\n${words}`);
    return;
  }
  const named = (value: FindingValue) =>
    verdict.findings.filter((each) => each.value === value).map(({ invariant }) => invariant);
  const unknown = named('unknown');
  const words = [
    `violated: ${named('violated').join(', ') || 'none'}`,
    ...(unknown.length > 0 ? [`unknown: ${unknown.join(', ')}`] : []),
    `holds: ${named('holds').length}`,
  ];
  console.log(`${title} ${words.join('; ')}`);
  for (const { cell, expected, got } of differences)
    console.log(`    ${cell}: expected ${expected}, got ${got}`);
}

async function performAll(jobs: readonly Job[], signal: AbortSignal): Promise<Tried[]> {
  const waiting = [...jobs];
  const done: Tried[] = [];
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined && !signal.aborted; job = waiting.shift())
      done.push(await perform(job, signal));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
}

async function main(asked: Asked): Promise<number> {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => interruption.abort(new Error('interrupted')));
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'onsale-matrix-'));
  const done = await performAll(jobsOf(asked, folder), interruption.signal);
  const differing = done.reduce((sum, { differences }) => sum + differences.length, 0);
  const agreed = done.reduce((sum, each) => sum + each.agreed, 0);
  // Whoever has to find out who is wrong needs the evidence.
  const keep = differing > 0 && !interruption.signal.aborted;
  if (keep) console.log(`The runs are kept in ${folder}; bin/loadtest report <run> shows one.`);
  else await rm(folder, { recursive: true });
  if (interruption.signal.aborted) return exitCodes.interrupted;
  if (asked.write && differing === 0)
    await writeFile(DOCUMENT, withTables(await readFile(DOCUMENT, 'utf8'), rows, ids));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const again = done.filter(({ tries }) => tries > 1).length;
  const more = again === 0 ? '' : `; ${again} of ${done.length} rows measured again`;
  console.log(`matrix: ${agreed} of ${agreed + differing} cells agree, in ${seconds} s${more}`);
  return differing === 0 ? exitCodes.pass : exitCodes.fail;
}

const asked = readCommandLine();
if (typeof asked === 'string') {
  console.error(`matrix: ${asked}`);
  process.exitCode = exitCodes.usage;
} else process.exitCode = await main(asked);
