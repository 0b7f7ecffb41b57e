/**
 * How long `bin/loadtest --help` takes, warm: `npx tsx bench/help.ts`. The limit is the project's promise, 0.25 s. Beside
 * it, in the same rounds, Node itself doing nothing: the floor. stdout is one line of JSON.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROUNDS = 15;
const LIMIT_MS = 250;
const command = fileURLToPath(new URL('../bin/loadtest', import.meta.url));

function timeMs(...given: string[]): number {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, given, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${given.join(' ')} ended with ${status}`);
  return performance.now() - startedAt;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

timeMs(command, '--help');
const help: number[] = [];
const floor: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  help.push(timeMs(command, '--help'));
  floor.push(timeMs('--eval', ''));
}
const result = {
  bench: 'help',
  helpMs: Math.round(median(help)),
  nodeMs: Math.round(median(floor)),
  limitMs: LIMIT_MS,
  met: median(help) <= LIMIT_MS,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = result.met ? 0 : 1;
