import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { type Ended, type Machine, newMachine, smallRun, untilEnd } from '../experience/product.ts';
import { startShop } from '../threats/shop.ts';
import { expectNothingLeft } from './left-overs.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/loadtest', import.meta.url));

/** Runs the command behind `before`, a program that runs the rest of its command line. */
function loadtestBehind(
  before: readonly [string, ...string[]],
  { cwd, env }: Machine,
  args: readonly string[],
): Promise<Ended> {
  const [command, ...words] = [...before, process.execPath, PROGRAM, ...args];
  const child = spawn(command!, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return untilEnd(child);
}

/** Exit code 4, and one error that says what could not be written, where and what to do. */
function expectNotWritten({ code, stdout, stderr }: Ended, told: RegExp): void {
  expect({ code, stdout }, stderr).toEqual({ code: 4, stdout: '' });
  expect(stderr).toMatch(/loadtest: expected .+\n {2}got: .+\n {2}where: .+\n {2}to do: .+\n$/s);
  expect(stderr).toMatch(told);
  expect(stderr).not.toContain('fault of Onsale');
}

/** Nothing half-written has a name that somebody would read, and nothing temporary stays. */
async function expectWholeFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    expect(name).not.toMatch(/\.tmp$/);
    const path = join(folder, name);
    if (name.endsWith('.json')) JSON.parse(await readFile(path, 'utf8'));
    if (name.endsWith('.ndjson')) expect(await readFile(path, 'utf8')).toMatch(/^$|}\n$/);
    if (name.endsWith('.html')) expect(await readFile(path, 'utf8')).toMatch(/<\/html>\s*$/);
  }
}

describe.concurrent('runs cannot be kept', { timeout: 120_000 }, () => {
  test('in a file', async () => {
    const machine = await newMachine();
    await writeFile(join(machine.cwd, 'taken'), 'precious');
    const shop = await startShop();
    const ended = await machine.loadtest(smallRun(shop.url, '--runs-folder', 'taken'));
    expectNotWritten(ended, /where: .*taken/);
    expect(await readFile(join(machine.cwd, 'taken'), 'utf8')).toBe('precious');
    await expectNothingLeft(machine);
  });

  test('in a folder that this user may not write to', async () => {
    const machine = await newMachine();
    const runs = join(machine.cwd, 'runs');
    await mkdir(runs);
    await chmod(runs, 0o555);
    // Rights mean nothing to root, unless it gives that privilege up.
    const asOthers = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] as const;
    const args = smallRun((await startShop()).url);
    const ended = await (process.getuid?.() === 0
      ? loadtestBehind([...asOthers], machine, args)
      : machine.loadtest(args));
    expectNotWritten(ended, /no permission to write(.|\n)*where: .*runs(.|\n)*another place/);
    expect(await readdir(runs)).toEqual([]);
    await expectNothingLeft(machine);
  });
});

describe.concurrent('a full disk', { timeout: 120_000 }, () => {
  const mounted: string[] = [];
  afterAll(() => {
    for (const path of mounted) spawnSync('umount', ['-l', path]);
  });

  /** False where this machine does not let us mount a disk. */
  function mountSmall(path: string, kibibytes: number): boolean {
    const options = ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', path];
    const { status } = spawnSync('mount', options);
    if (status === 0) mounted.push(path);
    return status === 0;
  }

  // From hardly the first manifest to nearly a whole run: whichever file it hits, the command says so.
  test.each([4, 40, 100, 200])(
    'of %i KiB: could not run, no half file, and what was recorded can be judged',
    async (size) => {
      const machine = await newMachine();
      const runs = join(machine.cwd, 'runs');
      await mkdir(runs);
      const args = smallRun((await startShop()).url);
      const limited = ['bash', '-c', 'ulimit -f "$0" && exec "$@"', `${size / 4}`] as const;
      const isMounted = mountSmall(runs, size);
      const ended = await (isMounted
        ? machine.loadtest(args)
        : loadtestBehind([...limited], machine, args));
      expectNotWritten(ended, /a full disk|a limit on file sizes/);
      await expectWholeFiles(runs);
      await expectNothingLeft(machine);

      if (isMounted) spawnSync('mount', ['-o', 'remount,size=10m', runs]);
      const judged = await machine.loadtest(['judge', 'latest', '--json']);
      expect([2, 3, 130], judged.stderr).toContain(judged.code);
      if (judged.code === 2) expect(judged.stderr).toContain('to do:');
      else expect(JSON.parse(judged.stdout).result).toBe('inconclusive');
    },
  );
});
