import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const LIMIT_MS = 45_000;
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A project with a lockfile and one package, which npm can install without a registry. Gone after the test. */
export async function smallProject(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'onsale-launch-'));
  folders.push(root);
  await mkdir(join(root, 'part'));
  await writeFile(join(root, 'part', 'package.json'), '{"name":"part","version":"1.0.0"}');
  const dependencies = { part: 'file:part' };
  await writeFile(join(root, 'package.json'), JSON.stringify({ name: 'small', dependencies }));
  await writeLockfile(root, '1.0.0');
  return root;
}

export async function writeLockfile(root: string, version: string): Promise<void> {
  const packages = {
    '': { name: 'small', dependencies: { part: 'file:part' } },
    part: { version },
    'node_modules/part': { resolved: 'part', link: true },
  };
  const lockfile = { name: 'small', lockfileVersion: 3, requires: true, packages };
  await writeFile(join(root, 'package-lock.json'), JSON.stringify(lockfile));
}

/** An `npm` for PATH that does what `script` says; returns the folder it is in. */
export async function otherNpm(root: string, script: string): Promise<string> {
  const folder = join(root, 'other-npm');
  await mkdir(folder);
  await writeFile(join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'npm'), 0o755);
  return folder;
}

export interface Launching {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; said: string }>;
}

/** Runs `body`, which may use `root`, `ensurePackages` and `ensureBuild`, in a Node of its own; `said` is its stderr. */
export function launching(root: string, body: string, env: NodeJS.ProcessEnv = {}): Launching {
  const launch = new URL('../../bin/launch/', import.meta.url).href;
  const program = `
    import { ensurePackages } from '${launch}packages.mjs';
    import { ensureBuild } from '${launch}build.mjs';
    const root = ${JSON.stringify(root)};
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: LIMIT_MS,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<{ code: number | null; said: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said }));
  });
  return { child, ended };
}
