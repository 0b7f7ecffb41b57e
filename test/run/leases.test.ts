import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RunFailure } from '../../lib/model/failure.ts';
import {
  comparePlaces,
  FOLDER_MARKER,
  holdLease,
  type Lease,
  leasesFolder,
} from '../../lib/run/leases.ts';
import { identifyProcess, stateOfProcess } from '../../lib/run/process-identity.ts';
import { endProcess, sweepLeases } from '../../lib/run/sweep.ts';

let home = '';
let env: NodeJS.ProcessEnv = {};
let notes: string[] = [];
const started: ChildProcess[] = [];
const onNote = (text: string) => notes.push(text);

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'onsale-test-leases-')));
  env = { ...process.env, XDG_STATE_HOME: join(home, 'state'), XDG_CACHE_HOME: join(home, 'c') };
  notes = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
  // What a failed test left running is under a lease of a holder that has just been killed.
  await expect.poll(() => sweepLeases({ env, onNote })).toBe(0);
  await rm(home, { recursive: true, force: true });
});

function spawnPiped(program: string, args: string[]) {
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
}

/** A process that runs until it is killed, leading a group of its own. */
async function startSleeper(script = 'echo up; while :; do sleep 1; done') {
  const child = spawnPiped('bash', ['-c', script]);
  started.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function startHolder(folder: string, script: string) {
  const program = ['--import', 'tsx', join(import.meta.dirname, 'lease-holder.ts'), folder, script];
  const holder = spawn(process.execPath, program, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(holder);
  const [line] = (await once(holder.stdout, 'data')) as [Buffer];
  const { pid } = JSON.parse(line.toString()) as { pid: number };
  const orphan = await identifyProcess(pid);
  return { holder, orphan: orphan! };
}

async function makeFolder(name: string) {
  const folder = join(home, name);
  await mkdir(folder);
  return folder;
}

async function leaseNames() {
  return readdir(leasesFolder(env)).catch(() => []);
}

/** The only lease there is, changed and written back. */
async function alterLease(change: (lease: Lease) => Partial<Lease>) {
  const [name] = await leaseNames();
  const path = join(leasesFolder(env), name!);
  const lease = JSON.parse(await readFile(path, 'utf8')) as Lease;
  await writeFile(path, JSON.stringify({ ...lease, ...change(lease) }));
  return path;
}

const gone = { pid: process.pid, startedAt: 'another time' };

describe('a lease', () => {
  test('is private, survives a sweep while its owner lives, and ends when it is released', async () => {
    const folder = await makeFolder('kept');
    const child = await startSleeper();
    const release = await holdLease({ what: 'x', pid: child.pid!, folder }, { env });
    const [name] = await leaseNames();
    expect((await stat(join(leasesFolder(env), name!))).mode & 0o777).toBe(0o600);
    expect(await sweepLeases({ env, onNote })).toBe(0);
    expect(existsSync(folder)).toBe(true);
    expect(child.exitCode ?? child.signalCode).toBeNull();
    await release();
    await release();
    expect(await leaseNames()).toEqual([]);
    expect(notes).toEqual([]);
  });

  test('that cannot be written is a failure', async () => {
    await writeFile(join(home, 'state'), 'a file where a folder should be');
    await expect(holdLease({ what: 'x' }, { env })).rejects.toThrow(RunFailure);
  });
});

describe('sweepLeases', () => {
  test('with no leases at all does nothing', async () => {
    expect(await sweepLeases({ env, onNote })).toBe(0);
  });

  test('ends the orphan of a killed owner, its children, and removes its folder', async () => {
    const folder = await makeFolder('work');
    await writeFile(join(folder, 'data'), 'x');
    const pidFile = join(home, 'grandchild');
    const script = `sleep 1000 & echo $! > ${pidFile}; echo up; wait`;
    const { holder, orphan } = await startHolder(folder, script);
    expect(await sweepLeases({ env, onNote })).toBe(0);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const grandchild = await identifyProcess(Number(await readFile(pidFile, 'utf8')));
    expect(await stateOfProcess(orphan)).toBe('runs');
    expect(await sweepLeases({ env, onNote })).toBe(1);
    expect(await stateOfProcess(orphan)).toBe('gone');
    await expect.poll(() => stateOfProcess(grandchild!)).toBe('gone');
    expect(existsSync(folder)).toBe(false);
    expect(await leaseNames()).toEqual([]);
    expect(notes).toEqual([
      expect.stringContaining(`ended a child (process ${orphan.pid})`),
      expect.stringContaining(`removed ${folder}`),
    ]);
  });

  test('kills an orphan that will not end', async () => {
    const folder = await makeFolder('work');
    const script = `trap '' TERM; echo up; while :; do sleep 1; done`;
    const { holder, orphan } = await startHolder(folder, script);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await sweepLeases({ env, onNote, graceMs: 100 })).toBe(1);
    expect(await stateOfProcess(orphan)).toBe('gone');
  });

  test('never touches a process that only has the same id', async () => {
    const stranger = await startSleeper();
    await holdLease({ what: 'x', pid: stranger.pid! }, { env });
    await alterLease(() => ({
      owner: gone,
      process: { pid: stranger.pid!, startedAt: 'another time' },
    }));
    expect(await sweepLeases({ env, onNote })).toBe(1);
    expect((await identifyProcess(stranger.pid!))?.pid).toBe(stranger.pid);
    expect(notes).toEqual([]);
    expect(await endProcess({ pid: stranger.pid!, startedAt: 'another time' }, 100)).toBe(true);
    expect(await endProcess({ pid: stranger.pid!, startedAt: null }, 100)).toBe(false);
    expect((await identifyProcess(stranger.pid!))?.pid).toBe(stranger.pid);
  });

  test('kills nothing of before a reboot, and leaves what another machine holds', async () => {
    const stranger = await startSleeper();
    await holdLease({ what: 'x', pid: stranger.pid! }, { env });
    const path = await alterLease((lease) => ({
      owner: gone,
      place: { ...lease.place, machine: 'elsewhere' },
    }));
    expect(await sweepLeases({ env, onNote })).toBe(0);
    const longAgo = new Date(Date.now() - 8 * 24 * 3600_000);
    await utimes(path, longAgo, longAgo);
    expect(await sweepLeases({ env, onNote })).toBe(1);
    await holdLease({ what: 'x', pid: stranger.pid! }, { env });
    await alterLease((lease) => ({ place: { ...lease.place, boot: 'before' } }));
    expect(await sweepLeases({ env, onNote })).toBe(1);
    expect((await identifyProcess(stranger.pid!))?.pid).toBe(stranger.pid);
  });

  test('heals torn leases, but only when they are not just being written', async () => {
    const folder = leasesFolder(env);
    await mkdir(folder, { recursive: true });
    const torn = ['a.json', 'b.json', '.c.json.1.x.tmp'];
    await writeFile(join(folder, 'a.json'), '{"schemaVersion": 1, "id": ');
    await writeFile(join(folder, 'b.json'), '{"schemaVersion": 1}');
    await writeFile(join(folder, '.c.json.1.x.tmp'), '');
    await writeFile(join(folder, 'newer.json'), '{"schemaVersion": 2}');
    expect(await sweepLeases({ env, onNote })).toBe(0);
    const before = new Date(Date.now() - 120_000);
    for (const name of [...torn, 'newer.json']) await utimes(join(folder, name), before, before);
    expect(await sweepLeases({ env, onNote })).toBe(3);
    expect(await leaseNames()).toEqual(['newer.json']);
  });

  test('removes no folder that does not carry its own marker', async () => {
    const folder = await makeFolder('precious');
    await holdLease({ what: 'x', folder }, { env });
    await writeFile(join(folder, FOLDER_MARKER), 'the id of another lease');
    await alterLease(() => ({ owner: gone }));
    expect(await sweepLeases({ env, onNote })).toBe(1);
    expect(existsSync(folder)).toBe(true);
    expect(notes[0]).toMatch(/left .* alone/);
  });

  test('removes no folder outside the temporary folder and the cache', async () => {
    await makeFolder('temporary');
    vi.stubEnv('TMPDIR', join(home, 'temporary'));
    const outside = await makeFolder('outside');
    await holdLease({ what: 'x', folder: outside }, { env });
    await alterLease(() => ({ owner: gone }));
    await sweepLeases({ env, onNote });
    expect(existsSync(outside)).toBe(true);
    expect(notes[0]).toMatch(/lies outside/);
  });

  test('follows no symbolic link, neither as the folder nor inside it', async () => {
    const real = await makeFolder('real');
    const precious = await makeFolder('precious');
    await writeFile(join(precious, 'data'), 'x');
    await holdLease({ what: 'x', folder: real }, { env });
    const link = join(home, 'link');
    await symlink(real, link);
    await alterLease(() => ({ owner: gone, folder: link }));
    await sweepLeases({ env, onNote });
    expect(existsSync(join(real, FOLDER_MARKER))).toBe(true);
    await rm(join(real, FOLDER_MARKER));
    await symlink(precious, join(real, 'inner'));
    await holdLease({ what: 'x', folder: real }, { env });
    await alterLease(() => ({ owner: gone }));
    await sweepLeases({ env, onNote });
    expect(existsSync(real)).toBe(false);
    expect(existsSync(join(precious, 'data'))).toBe(true);
  });

  test('two at once do no harm', async () => {
    for (const name of ['a', 'b', 'c']) {
      const folder = await makeFolder(name);
      await holdLease({ what: name, folder }, { env });
      const path = join(
        leasesFolder(env),
        `${await readFile(join(folder, FOLDER_MARKER), 'utf8')}.json`,
      );
      const lease = JSON.parse(await readFile(path, 'utf8')) as Lease;
      await writeFile(path, JSON.stringify({ ...lease, owner: gone }));
    }
    await Promise.all([sweepLeases({ env, onNote }), sweepLeases({ env, onNote })]);
    expect(await leaseNames()).toEqual([]);
    expect(['a', 'b', 'c'].filter((name) => existsSync(join(home, name)))).toEqual([]);
    expect(notes.filter((note) => note.startsWith('could not'))).toEqual([]);
  });
});

describe('identifyProcess', () => {
  test('tells the same process again, and one that is gone', async () => {
    const child = await startSleeper();
    const identity = await identifyProcess(child.pid!);
    expect(await stateOfProcess(identity!)).toBe('runs');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await stateOfProcess(identity!)).toBe('gone');
    expect(await identifyProcess(2 ** 22 + 1)).toBeNull();
  });

  test('works through ps where there is no /proc', async () => {
    const identity = await identifyProcess(process.pid, 'darwin');
    expect(Number.isNaN(Date.parse(identity!.startedAt!))).toBe(false);
    expect(await identifyProcess(2 ** 22 + 1, 'darwin')).toBeNull();
  });

  test('a name with blanks and parentheses is read over', async () => {
    const program = join(home, 'a) Z (b');
    await symlink('/bin/bash', program);
    const child = spawnPiped(program, ['-c', 'echo up; read -t 50 <> <(:)']);
    started.push(child);
    await once(child.stdout, 'data');
    expect((await identifyProcess(child.pid!))?.startedAt).toMatch(/^\d+$|\d{4}$/);
  });
});

test('comparePlaces tells reboot and containers apart', () => {
  const here = { machine: 'm', boot: 'b', namespace: 'n' };
  expect(comparePlaces(here, here)).toBe('here');
  expect(comparePlaces({ ...here, boot: 'a' }, here)).toBe('rebooted');
  expect(comparePlaces({ ...here, namespace: 'o' }, here)).toBe('elsewhere');
  expect(comparePlaces({ ...here, machine: 'o', boot: 'a' }, here)).toBe('elsewhere');
});
