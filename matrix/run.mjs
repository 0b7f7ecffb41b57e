// `npm run matrix`: planted flaw × invariant under real load. Names run only those rows; see docs/accuracy-matrix.md.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { launch, root } from '../bin/launch.mjs';

// It waits for the measurement to clean up; Ctrl-C reaches that as well.
process.on('SIGINT', () => undefined);
if ((await launch('bin/main.js')) !== null) {
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'matrix', 'main.ts'), ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit' },
  );
  process.exitCode = status ?? 130;
}
