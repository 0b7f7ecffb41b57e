import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { launching, otherNpm, smallProject, writeLockfile } from './small-project.ts';

const ensure = (root: string, env?: NodeJS.ProcessEnv) =>
  launching(root, 'await ensurePackages(root);', env).ended;
const INSTALLING = 'Installing packages from package-lock.json';

test('installs what the lockfile names, once', async () => {
  const root = await smallProject();
  const first = await ensure(root);
  expect(first).toMatchObject({ code: 0, said: expect.stringContaining(INSTALLING) });
  expect(await ensure(root)).toEqual({ code: 0, said: '' });
});

test('says what it does and what npm did, and nothing else', async () => {
  const { said } = await ensure(await smallProject());
  expect(said).not.toMatch(/npm (warn|notice)/);
});

test('heals packages that are half gone', async () => {
  const root = await smallProject();
  await ensure(root);
  await rm(join(root, 'node_modules', 'part'));
  expect((await ensure(root)).said).toContain(INSTALLING);
  expect(await ensure(root)).toEqual({ code: 0, said: '' });
});

test('installs again when the lockfile has changed', async () => {
  const root = await smallProject();
  await ensure(root);
  await writeFile(join(root, 'part', 'package.json'), '{"name":"part","version":"2.0.0"}');
  await writeLockfile(root, '2.0.0');
  expect((await ensure(root)).said).toContain(INSTALLING);
  expect(await ensure(root)).toEqual({ code: 0, said: '' });
});

test('two at once install once', async () => {
  const root = await smallProject();
  const both = await Promise.all([ensure(root), ensure(root), ensure(root)]);
  expect(both.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(both.filter(({ said }) => said.includes(INSTALLING))).toHaveLength(1);
});

test('a killed launcher leaves npm at work, and the next waits for that', async () => {
  const root = await smallProject();
  const slow = await otherNpm(root, `sleep 3; PATH="$OLD_PATH" exec npm "$@"`);
  const env = { OLD_PATH: process.env.PATH, PATH: `${slow}:${process.env.PATH}` };
  const first = launching(root, 'await ensurePackages(root);', env);
  await vi.waitFor(async () => expect(await ownersIn(root)).toHaveLength(2), 10_000);
  first.child.kill('SIGKILL');
  const { code, said } = await ensure(root);
  expect(code).toBe(0);
  expect(said).toContain('Waiting for another command that is installing the packages');
  expect(said).not.toContain(INSTALLING);
});

test('takes over the lock of one that is gone', async () => {
  const root = await smallProject();
  const gone = launching(root, '');
  await gone.ended;
  const lock = join(root, '.onsale-install.lock');
  await mkdir(lock);
  await writeFile(join(lock, 'owners'), `${gone.child.pid}\n`);
  const { code, said } = await ensure(root);
  expect({ code, waited: said.includes('Waiting') }).toEqual({ code: 0, waited: false });
});

test.each([
  ['there is no npm', '/nonexistent', 'npm ci failed: there is no npm on PATH.'],
  ['npm fails', 'exit 7', 'npm ci failed: exit code 7.'],
])('%s: says so, and what would help', async (_name, script, words) => {
  const root = await smallProject();
  const PATH = script.startsWith('/') ? script : await otherNpm(root, script);
  const { code, said } = await ensure(root, { PATH });
  expect(code).not.toBe(0);
  expect(said).toContain(words);
  expect(said).toContain(`run "npm ci" in ${root} yourself`);
});

test('a folder that cannot be written is one clear error', async () => {
  const root = await smallProject();
  await writeFile(join(root, '.onsale-install.lock'), 'a file where a folder is made');
  const { said } = await ensure(root);
  expect(said).toContain(`expected to install packages into ${root}, got ENOTDIR`);
});

async function ownersIn(root: string): Promise<string[]> {
  const text = await readFile(join(root, '.onsale-install.lock', 'owners'), 'utf8');
  return text.split('\n').filter(Boolean);
}
