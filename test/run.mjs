// `npm test` on a bare machine: packages, build, the real pretix, then every test. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { launch, root } from '../bin/launch.mjs';

if ((await launch('bin/main.js')) !== null) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  // Minutes, once on a machine: no test's time limit has to allow for it.
  process.exitCode =
    node('--import', 'tsx', join(root, 'test', 'get-pretix.ts')) ||
    node(vitest, 'run', ...process.argv.slice(2));
}

/** Runs Node to its end; its exit code. */
function node(...words) {
  const { status } = spawnSync(process.execPath, words, {
    cwd: root,
    stdio: 'inherit',
    // vitest colours whatever it writes to.
    env: process.stdout.isTTY ? process.env : { NO_COLOR: '1', ...process.env },
  });
  return status ?? 1;
}
