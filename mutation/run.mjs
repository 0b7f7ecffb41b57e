// `npm run mutation`: every small change to a check has to be noticed by a test, or to be explained. Options of Stryker
// follow `--`, e.g. `-- --mutate lib/invariants/peak.ts` for one file; see docs/mutation-testing.md.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { launch, root } from '../bin/launch.mjs';

if ((await launch('bin/main.js')) !== null) {
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'mutation', 'main.ts'), ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit' },
  );
  process.exitCode = status ?? 130;
}
