import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RunFailure, UsageFailure } from '../../lib/model/failure.ts';
import { pruneRuns } from '../../lib/run/prune-runs.ts';
import { createRunFolder, openRunFolder } from '../../lib/run/run-folder.ts';
import { listRuns } from '../../lib/run/run-listing.ts';

const now = new Date('2026-11-21T14:27:18.999Z');
const nowMs = now.getTime();
let base = '';

beforeEach(async () => {
  base = join(await realpath(await mkdtemp(join(tmpdir(), 'onsale-test-runs-'))), 'runs');
});
afterEach(() => rm(join(base, '..'), { recursive: true, force: true }));

/** A run as an earlier, ended command left it; `status` null leaves no manifest. */
async function leaveRun(scenario: string, name: string, status: string | null = 'complete') {
  const folder = join(base, scenario, name);
  await mkdir(folder, { recursive: true });
  const manifest = { schemaVersion: 1, runId: 'r', status, more: true };
  if (status !== null) await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

const prune = (options: Partial<Parameters<typeof pruneRuns>[1]> = {}) =>
  pruneRuns(base, { keep: 0, olderThanMs: 0, dryRun: false, nowMs, ...options });

describe('createRunFolder', () => {
  test('names the folder by scenario and UTC second', async () => {
    const folder = await createRunFolder(base, 'purchase-burst', now);
    expect(folder).toBe(join(base, 'purchase-burst', '2026-11-21T14-27-18Z'));
  });

  test('many in the same second get folders of their own, listed in order', async () => {
    const asked = Array.from({ length: 12 }, () => createRunFolder(base, 's', now));
    expect(new Set(await Promise.all(asked)).size).toBe(12);
    const names = (await listRuns(base)).map(({ path }) => path.split('-').at(-1));
    expect(names.slice(0, 3)).toEqual(['12', '11', '10']);
    expect(names.at(-1)).toBe('18Z');
  });

  test.each(['', '..', '../x', '/etc', 'a/b', 'a\\b', 'a\0b', '.hidden', '-flag', 'x'.repeat(101)])(
    'refuses the scenario name %j',
    async (name) => {
      await expect(createRunFolder(base, name, now)).rejects.toThrow(UsageFailure);
      expect(existsSync(base)).toBe(false);
    },
  );

  test('does not follow a link out of its base', async () => {
    const outside = join(base, '..', 'outside');
    await mkdir(outside);
    await mkdir(base);
    await symlink(outside, join(base, 's'));
    await expect(createRunFolder(base, 's', now)).rejects.toThrow(RunFailure);
    expect(await readdir(outside)).toEqual([]);
  });

  test('a base that is a file, or may not be written to, is a failure', async () => {
    await writeFile(base, '');
    await expect(createRunFolder(base, 's', now)).rejects.toThrow(RunFailure);
    await rm(base);
    await mkdir(base, { mode: 0o555 });
    await chmod(join(base, '..'), 0o755);
    // Root may write anywhere, so there a process that has given up its rights makes the folder.
    const program = `import { createRunFolder } from ${JSON.stringify(new URL('../../lib/run/run-folder.ts', import.meta.url).href)};
      if (process.getuid() === 0) process.seteuid(65534);
      await createRunFolder(${JSON.stringify(base)}, 's', new Date()).catch((e) => console.log(e.name, e.parts.got));`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', program];
    const ran = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 50_000 });
    expect(ran.stdout.trim()).toBe('RunFailure no permission to write');
  });
});

describe('openRunFolder', () => {
  test('takes a run, a folder of runs, or latest', async () => {
    const older = await leaveRun('a', '2026-11-21T14-27-18Z');
    const newer = await leaveRun('b', '2026-11-21T14-27-18Z-2', 'running');
    await leaveRun('b', '2026-11-22T00-00-00Z', null);
    expect(await openRunFolder(older)).toBe(older);
    expect(await openRunFolder(`${older}/`)).toBe(older);
    expect(await openRunFolder(join(base, 'a'))).toBe(older);
    expect(await openRunFolder(join(base, 'a', 'latest'))).toBe(older);
    expect(await openRunFolder(base)).toBe(newer);
    expect(await openRunFolder('latest', { base })).toBe(newer);
  });

  test('refuses what is no run', async () => {
    const broken = await leaveRun('a', '2026-11-21T14-27-18Z', null);
    await writeFile(join(base, 'file'), '');
    const bad = [broken, base, join(base, 'a', 'latest'), join(base, 'none'), join(base, 'file')];
    for (const path of [...bad, 'a\0b', '']) {
      await expect(openRunFolder(path, { base })).rejects.toThrow(UsageFailure);
    }
  });
});

describe('listRuns', () => {
  test('tells what became of each run', async () => {
    await createRunFolder(base, 'mine', now);
    await leaveRun('a', '2026-11-21T00-00-04Z', 'running');
    await leaveRun('a', '2026-11-21T00-00-03Z', 'complete');
    await leaveRun('a', '2026-11-21T00-00-02Z', 'interrupted');
    await leaveRun('a', '2026-11-21T00-00-01Z', 'failed');
    await leaveRun('a', '2026-11-21T00-00-00Z', null);
    await leaveRun('a', 'holiday-pictures');
    const found = (await listRuns(base)).map(({ status, inUse }) => [status, inUse]);
    expect(found).toEqual([
      ['running', true],
      ['killed', false],
      ['complete', false],
      ['interrupted', false],
      ['failed', false],
    ]);
  });

  test('no folder, no runs', async () => {
    expect(await listRuns(base)).toEqual([]);
  });

  test('a run whose process was killed before it wrote anything is broken', async () => {
    const module = new URL('../../lib/run/run-folder.ts', import.meta.url).href;
    const program = `import { createRunFolder } from ${JSON.stringify(module)};
      console.log(await createRunFolder(${JSON.stringify(base)}, 's', new Date()));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      program,
    ]);
    try {
      await once(child.stdout, 'data');
      expect(await listRuns(base)).toMatchObject([{ status: 'running', inUse: true }]);
      expect(await prune()).toEqual([]);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    expect(await listRuns(base)).toMatchObject([{ status: 'broken', inUse: false }]);
    expect(await prune({ nowMs: Date.now() + 60_000 })).toHaveLength(1);
    expect(await listRuns(base)).toEqual([]);
  });
});

describe('pruneRuns', () => {
  const path = (scenario: string, name: string) => join(base, scenario, name);

  test('keeps the newest of each scenario and what is young', async () => {
    for (const day of ['01', '02', '03']) await leaveRun('a', `2026-11-${day}T00-00-00Z`);
    await leaveRun('b', '2026-01-01T00-00-00Z');
    await leaveRun('a', '2026-11-21T14-00-00Z');
    const dayMs = 24 * 3600_000;
    const asked = { keep: 1, olderThanMs: 18.7 * dayMs };
    const expected = ['2026-11-02T00-00-00Z', '2026-11-01T00-00-00Z'].map((name) =>
      path('a', name),
    );
    const dry = await prune({ ...asked, dryRun: true });
    expect(dry.map((run) => run.path)).toEqual(expected);
    expect(await listRuns(base)).toHaveLength(5);
    const removed = await prune(asked);
    expect(removed.map((run) => run.path)).toEqual(expected);
    expect((await listRuns(base)).map((run) => run.path)).toEqual([
      path('a', '2026-11-21T14-00-00Z'),
      path('a', '2026-11-03T00-00-00Z'),
      path('b', '2026-01-01T00-00-00Z'),
    ]);
  });

  test('removes nothing that is no run, is in use, or lies behind a link', async () => {
    const mine = await createRunFolder(base, 'a', new Date(0));
    const unmarked = await leaveRun('a', '2026-01-01T00-00-00Z', null);
    await writeFile(join(unmarked, 'thesis.tex'), 'x');
    const pictures = await leaveRun('a', 'pictures');
    const outside = join(base, '..', 'outside');
    await mkdir(join(outside, '2026-01-01T00-00-00Z'), { recursive: true });
    const manifest = JSON.stringify({ schemaVersion: 1, runId: 'r', status: 'complete' });
    await writeFile(join(outside, '2026-01-01T00-00-00Z', 'manifest.json'), manifest);
    await symlink(outside, join(base, 'linked'));
    await symlink(join(outside, '2026-01-01T00-00-00Z'), path('a', '2026-01-02T00-00-00Z'));
    const real = await leaveRun('a', '2026-01-03T00-00-00Z');
    await symlink(outside, join(real, 'inner'));
    expect((await prune()).map((run) => run.path)).toEqual([real]);
    for (const kept of [mine, unmarked, pictures, outside]) expect(existsSync(kept)).toBe(true);
    expect(await readdir(join(outside, '2026-01-01T00-00-00Z'))).toEqual(['manifest.json']);
  });

  test('finishes a removal that was cut short, and removes runs of a newer version', async () => {
    const leaving = path('a', '.removing-2026-01-01T00-00-00Z');
    await mkdir(leaving, { recursive: true });
    await writeFile(join(leaving, 'state.json'), '');
    const newer = await leaveRun('a', '2026-01-02T00-00-00Z');
    const manifest = { schemaVersion: 7, runId: 'r', status: 'complete' };
    await writeFile(join(newer, 'manifest.json'), JSON.stringify(manifest));
    expect(await prune()).toHaveLength(1);
    expect(await readdir(join(base, 'a'))).toEqual([]);
  });

  test('no folder, nothing to remove', async () => {
    expect(await prune()).toEqual([]);
  });
});
