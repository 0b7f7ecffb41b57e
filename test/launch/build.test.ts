import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launching, smallProject } from './small-project.ts';

test('a build that cannot be written is one clear error', async () => {
  const root = await smallProject();
  for (const folder of ['bin', 'lib', 'reports', 'target', 'node_modules'])
    await mkdir(join(root, folder));
  await writeFile(join(root, 'node_modules', '.cache'), 'a file where a folder is made');
  const { code, said } = await launching(root, 'await ensureBuild(root);').ended;
  expect(code).not.toBe(0);
  expect(said).toContain(
    `expected to build the command in ${join(root, 'node_modules', '.cache')}`,
  );
  expect(said).toContain(`have its owner run bin/loadtest --help once in ${root}`);
});
