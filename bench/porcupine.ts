/**
 * A general search beside a special one: `npx tsx bench/porcupine.ts [seconds]`. Porcupine (bench/porcupine, built with
 * `go`) decides for any object whether a history is linearizable, by searching for an order of its operations. Onsale
 * decides it for one object, a counter of tickets, for which no search is needed. Both get the same histories of unit
 * purchases and availability reads, each twice as long as the one before, until Porcupine does not finish within
 * `seconds`, 60 if not given; and Onsale alone one of 1,000,000 operations. Porcupine's time is for the check alone,
 * Onsale's for reading and for every invariant. Nothing is promised here; where there is no `go`, it says so and ends.
 * Progress goes to stderr; stdout is one line of JSON.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CounterSale, capacityOf } from './judging/counter.ts';
import type { CounterJudging } from './judging/judge-counter.ts';

interface Searched {
  readonly operations: number;
  readonly result: 'Ok' | 'Illegal' | 'Unknown';
  readonly wallMs: number;
}

const LIMIT_SECONDS = Number(process.argv[2] ?? 60);
const AT_ONCE = [10, 50];
const SHORTEST = 16;
const LARGE: CounterSale = { length: 1_000_000, atOnce: 1000 };
const WHAT_IT_IS =
  'a general search for an order (Porcupine) beside a special one for counters (Onsale)';
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function run(program: string, given: readonly string[], cwd?: string): string {
  const child = spawnSync(program, given, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (child.error !== undefined) throw child.error;
  if (child.status !== 0) throw new Error(`${program} ended with ${child.status ?? child.signal}`);
  return child.stdout;
}

const script = (name: string, path: string, sale: CounterSale) =>
  run(process.execPath, [
    '--import',
    'tsx',
    here(`judging/${name}.ts`),
    path,
    JSON.stringify(sale),
  ]);

function onsale(path: string, sale: CounterSale): CounterJudging {
  script('write-counter', path, sale);
  return JSON.parse(script('judge-counter', path, sale)) as CounterJudging;
}

function porcupine(folder: string, path: string, sale: CounterSale): Searched {
  const given = [path, String(capacityOf(sale)), `${LIMIT_SECONDS}s`];
  return JSON.parse(run(join(folder, 'porcupine'), given)) as Searched;
}

/** The longest history that Porcupine finishes, the first it does not, and Onsale's time for both. */
function compare(folder: string, atOnce: number) {
  const path = join(folder, 'counter.ndjson');
  let largest: (Searched & { readonly onsaleMs: number }) | null = null;
  for (let length = SHORTEST; ; length *= 2) {
    const sale = { length, atOnce };
    const { wallMs: onsaleMs } = onsale(path, sale);
    const searched = porcupine(folder, path, sale);
    process.stderr.write(`${atOnce} at once: ${JSON.stringify({ ...searched, onsaleMs })}\n`);
    if (searched.result === 'Illegal') throw new Error('Porcupine finds a correct sale illegal');
    const one = { ...searched, onsaleMs };
    if (one.result === 'Unknown' || length >= LARGE.length) return { atOnce, largest, gaveUp: one };
    largest = one;
  }
}

if (spawnSync('go', ['version']).status !== 0) {
  console.log(JSON.stringify({ bench: 'porcupine', skipped: 'there is no `go` on this machine' }));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'onsale-porcupine-'));
  try {
    const module = here('porcupine');
    run('go', ['test', './...'], module);
    run('go', ['build', '-o', join(folder, 'porcupine'), '.'], module);
    const compared = AT_ONCE.map((atOnce) => compare(folder, atOnce));
    const alone = { atOnce: LARGE.atOnce, ...onsale(join(folder, 'large.ndjson'), LARGE) };
    const what = { bench: 'porcupine', is: WHAT_IT_IS, limitSeconds: LIMIT_SECONDS };
    console.log(JSON.stringify({ ...what, compared, onsale: alone }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
