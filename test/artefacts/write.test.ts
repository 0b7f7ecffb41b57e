import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asRunFailure, writeArtefact } from '../../lib/artefacts/write.ts';
import { RunFailure } from '../../lib/model/failure.ts';

const here = import.meta.dirname;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsale-test-write-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs write-once.ts, under a shell prelude such as `ulimit -f 10`, and gives what it printed. */
function writeElsewhere(path: string, bytes: number, { prelude = ':', user = '' } = {}) {
  const command = `${prelude} && exec "$0" --import tsx "$@"`;
  const program = [process.execPath, join(here, 'write-once.ts'), path, `${bytes}`];
  const given = user === '' ? program : [...program, user];
  const ran = spawnSync('bash', ['-c', command, ...given], { encoding: 'utf8', timeout: 50_000 });
  return { status: ran.status, errors: ran.stderr, told: ran.stdout.trim() };
}

describe('writeArtefact', () => {
  test.each([
    ['text', 'Größe ≤ 5', Buffer.from('Größe ≤ 5')],
    ['bytes', new Uint8Array([0, 255, 10]), Buffer.from([0, 255, 10])],
    ['nothing', '', Buffer.alloc(0)],
  ])('writes %s whole and leaves nothing beside it', async (_name, content, expected) => {
    const path = join(folder, 'a.json');
    await writeArtefact(path, 'an older and longer content');
    await writeArtefact(path, content);
    expect(await readFile(path)).toEqual(expected);
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('many at once to one path leave one whole content', async () => {
    const path = join(folder, 'a.json');
    const contents = Array.from({ length: 30 }, (_, i) => `${i}`.repeat(10_000));
    await Promise.all(contents.map((content) => writeArtefact(path, content)));
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('a symbolic link planted at the destination is replaced, not followed', async () => {
    const victim = join(folder, 'victim');
    await writeFile(victim, 'precious');
    await symlink(victim, join(folder, 'a.json'));
    await writeArtefact(join(folder, 'a.json'), 'new');
    expect(await readFile(victim, 'utf8')).toBe('precious');
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('new');
  });

  test('a folder in the way is a failure and stays', async () => {
    await mkdir(join(folder, 'a.json'));
    await expect(writeArtefact(join(folder, 'a.json'), 'x')).rejects.toThrow(/got a folder/);
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('a device in the way is a failure and stays', async () => {
    const failure = writeArtefact('/dev/full', 'x');
    await expect(failure).rejects.toThrow(RunFailure);
    await expect(failure).rejects.toThrow(/got a device/);
    await expect(writeFile('/dev/full', 'x')).rejects.toThrow(/ENOSPC/);
  });

  test('a missing folder is named, with what to do', async () => {
    const path = join(folder, 'none', 'a.json');
    const failure = await writeArtefact(path, 'x').catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(RunFailure);
    expect((failure as RunFailure).parts).toMatchObject({ where: path, got: 'no such folder' });
  });

  test('a limit on file sizes fails, keeps the old file and leaves no temporary one', async () => {
    const path = join(folder, 'a.json');
    await writeArtefact(path, 'old');
    const ran = writeElsewhere(path, 1_000_000, { prelude: 'ulimit -f 10' });
    expect(JSON.parse(ran.told)).toMatchObject({
      name: 'RunFailure',
      got: 'a limit on file sizes',
    });
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('a full disk fails, keeps the old file and leaves no temporary one', () => {
    // A file system of 64 KB in a mount namespace of its own: it goes when the process goes.
    const asRoot = process.getuid?.() === 0 ? '-m' : '-rm';
    const possible =
      spawnSync('unshare', [asRoot, 'mount', '-t', 'tmpfs', 'tmpfs', folder]).status === 0;
    if (!possible) {
      const cause = Object.assign(new Error('no space'), { code: 'ENOSPC' });
      expect(asRunFailure('/x', cause).parts.got).toBe('a full disk');
      return;
    }
    const script = `mount -t tmpfs -o size=64k tmpfs "$1" && printf old > "$1/a.json" &&
      "$0" --import tsx "$2" "$1/a.json" 1000000 && cat "$1/a.json" && echo && ls -A "$1"`;
    const given = [process.execPath, folder, join(here, 'write-once.ts')];
    const ran = spawnSync('unshare', [asRoot, 'bash', '-c', script, ...given], {
      encoding: 'utf8',
    });
    const [told, content, ...names] = ran.stdout.trim().split('\n');
    expect(JSON.parse(told!)).toMatchObject({ name: 'RunFailure', got: 'a full disk' });
    expect(content).toBe('old');
    expect(names).toEqual(['a.json']);
  });

  test('a folder without permission fails with what to do', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o555 });
    // Root may write anywhere, so there the writer becomes somebody else after it has been loaded.
    const user = process.getuid?.() === 0 ? '65534' : '';
    spawnSync('chmod', ['755', folder]);
    const ran = writeElsewhere(join(closed, 'a.json'), 10, { user });
    expect(JSON.parse(ran.told)).toMatchObject({
      name: 'RunFailure',
      got: 'no permission to write',
    });
  });

  test('kill -9 at any moment leaves the old or the new file, whole', async () => {
    const path = join(folder, 'a.json');
    const seen = new Set<string>();
    for (let round = 0; round < 12; round++) {
      const program = ['--import', 'tsx', join(here, 'write-forever.ts'), path];
      const writer = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(writer.stdout, 'data');
      await sleep(round * 3);
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      const content = await readFile(path, 'utf8');
      expect(content.length).toBe(1_000_000);
      expect(content).toBe(content[0]!.repeat(1_000_000));
      seen.add(content[0]!);
    }
    expect(existsSync(path)).toBe(true);
    expect([...seen].every((letter) => 'ab'.includes(letter))).toBe(true);
  });
});
