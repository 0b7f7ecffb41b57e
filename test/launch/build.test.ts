import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launching, smallProject } from './small-project.ts';

test('a build that cannot be written is one clear error', async () => {
  const root = await projectWithSources();
  await writeFile(join(root, 'node_modules', '.cache'), 'a file where a folder is made');
  const { code, said } = await launching(root, 'await ensureBuild(root);').ended;
  expect(code).not.toBe(0);
  expect(said).toContain(
    `expected to build the command in ${join(root, 'node_modules', '.cache')}`,
  );
  expect(said).toContain('have its owner run bin/loadtest --help once');
});

test('sources that cannot be built are named, and no draft is left', async () => {
  const root = await projectWithSources();
  await writeFile(join(root, 'target', 'main.ts'), '');
  await writeFile(join(root, 'bin', 'main.ts'), "import './not-there.ts';");
  const { said } = await launching(root, 'await ensureBuild(root);').ended;
  expect(said).toContain('bin/main.ts:1:7: ERROR: Could not resolve "./not-there.ts"');
  expect(said).toContain('Mend the sources');
  expect(await readdir(join(root, 'node_modules', '.cache', 'onsale'))).toEqual([]);
});

async function projectWithSources(): Promise<string> {
  const root = await smallProject();
  for (const folder of ['bin', 'lib', 'recheck', 'reports', 'target', 'node_modules'])
    await mkdir(join(root, folder));
  return root;
}
