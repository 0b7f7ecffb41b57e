// `npm run bench`: every measurement of speed, one after the other; one line of JSON each. Names run only those.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { launch, root } from '../bin/launch.mjs';

const benches = ['help', 'judging', 'porcupine', 'provisioning', 'recording'];

if ((await launch('bin/main.js')) !== null) {
  const asked = process.argv.slice(2);
  for (const name of asked.length > 0 ? asked : benches) {
    const { status } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(root, 'bench', `${name}.ts`)],
      { cwd: root, stdio: 'inherit' },
    );
    if (status !== 0) process.exitCode = 1;
  }
}
