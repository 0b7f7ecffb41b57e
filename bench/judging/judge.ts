import { readHistory } from '../../lib/history/read.ts';
import { decideAll, invariants } from '../../lib/invariants/registry.ts';
import type { Finding } from '../../lib/model/finding.ts';
import { sidesOf } from './sale.ts';
import type { SaleSize } from './size.ts';

/** What it took to read and judge one history; times from the start of reading to the last finding. */
export interface Judging {
  readonly operations: number;
  readonly readMs: number;
  readonly judgeMs: number;
  readonly wallMs: number;
  /** User and system time of all threads; far below the wall clock's, the machine was busy with other things. */
  readonly cpuMs: number;
  /** The most that the process ever had, what it judges against included. */
  readonly rssMb: number;
}

/** judge.ts <path> <a {@link SaleSize} as JSON>: reads and judges once, prints a {@link Judging}. */
async function judge(path: string, size: SaleSize): Promise<Judging> {
  const sides = sidesOf(size);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const { history, damaged } = await readHistory(path);
  const readAt = performance.now();
  const evidence = { ...sides, history, historyComplete: damaged === 0, clockErrorMs: 1 };
  const findings = decideAll(evidence);
  const judgedAt = performance.now();
  const cpu = process.cpuUsage(cpuBefore);
  const wrong = findings.filter((finding) => !isExpected(finding, size));
  const isWhole = size.what !== 'everything' || findings.length === invariants.length;
  if (history.length !== size.length || wrong.length > 0 || !isWhole) {
    throw new Error(`a correct sale was not found correct: ${JSON.stringify(wrong)}`);
  }
  return {
    operations: history.length,
    readMs: Math.round(readAt - startedAt),
    judgeMs: Math.round(judgedAt - readAt),
    wallMs: Math.round(judgedAt - startedAt),
    cpuMs: Math.round((cpu.user + cpu.system) / 1000),
    rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

/**
 * Of `everything`: where tickets come back and go two at a time, more orders of events may have to be tried than anybody
 * can, so it is honest not to know whether all reads fit one.
 */
const UNKNOWABLE = new Set(['stale-availability']);

function isExpected({ invariant, value }: Finding, { what }: SaleSize): boolean {
  if (value === 'unknown') return what === 'everything' && UNKNOWABLE.has(invariant);
  return value === 'holds';
}

const [path = '', size = ''] = process.argv.slice(2);
console.log(JSON.stringify(await judge(path, JSON.parse(size) as SaleSize)));
