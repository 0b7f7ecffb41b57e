/**
 * Runs Stryker with the options given, then says of each file how many mutants were noticed, and prints those that were not
 * and that `mutation/explained` does not explain. Exit code 0 where there is none of these and no explanation is out of
 * date; 1 where there is; 4 where Stryker did not come to its end.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { asYaml, compare, explanationPath, readExplanations, readReport } from './survivors.ts';

const REPORT = 'runs/mutation/report.json';

rmSync(REPORT, { force: true });
const { status } = spawnSync('node_modules/.bin/stryker', ['run', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(4);

let [mutants, survived] = [0, 0];
for (const tally of readReport(REPORT)) {
  const left = tally.survivors.length;
  const all = tally.noticed.length + left;
  mutants += all;
  survived += left;
  if (all === 0) continue;
  const { unexplained, outdated } = compare(tally, readExplanations(tally.file));
  console.log(
    `${tally.file}: ${scoreOf(all, left)} % of ${all}; ${left} survived, ${unexplained.length} unexplained`,
  );
  if (unexplained.length + outdated.length === 0) continue;
  process.exitCode = 1;
  const path = relative('.', explanationPath(tally.file));
  if (unexplained.length > 0) console.log(`not explained in ${path}:\n${asYaml(unexplained)}`);
  if (outdated.length > 0) console.log(`explained in ${path}, but noticed:\n${asYaml(outdated)}`);
}
console.log(`all: ${scoreOf(mutants, survived)} % of ${mutants}; ${survived} survived`);

function scoreOf(all: number, left: number): string {
  return all === 0 ? '100.00' : (100 - (100 * left) / all).toFixed(2);
}
