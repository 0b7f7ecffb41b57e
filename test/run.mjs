// `npm test` on a bare machine: packages, build, then every test. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { launch, root } from '../bin/launch.mjs';

if ((await launch('bin/main.js')) !== null) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    // vitest colours whatever it writes to.
    env: process.stdout.isTTY ? process.env : { NO_COLOR: '1', ...process.env },
  });
  process.exitCode = status ?? 1;
}
