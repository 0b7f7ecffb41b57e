import { readHistory } from '../../lib/history/read.ts';
import { decideAll } from '../../lib/invariants/registry.ts';
import { sidesOf } from './sale.ts';

/** judge.ts <path> <operations>: reads and judges once, prints what it took. */
const [path = '', length = ''] = process.argv.slice(2);
const sides = sidesOf(Number(length));

const cpuBefore = process.cpuUsage();
const started = performance.now();
const { history, damaged } = await readHistory(path);
const read = performance.now();
const findings = decideAll({ ...sides, history, historyComplete: damaged === 0, clockErrorMs: 1 });
const judged = performance.now();
const cpu = process.cpuUsage(cpuBefore);

const wrong = findings.filter(({ value }) => value !== 'holds');
if (history.length !== Number(length) || wrong.length > 0) {
  throw new Error(`a correct sale was not found correct: ${JSON.stringify(wrong)}`);
}
console.log(
  JSON.stringify({
    operations: history.length,
    readMs: Math.round(read - started),
    judgeMs: Math.round(judged - read),
    cpuMs: Math.round((cpu.user + cpu.system) / 1000),
    rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
