import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startShop } from '../threats/shop.ts';
import { LENIENT_SLA, newMachine, smallRun } from './product.ts';

describe('a mistake is named with file, line, key and what was meant, before any request', async () => {
  const shop = await startShop();
  const machine = await newMachine();

  test.each([
    ['quantil', LENIENT_SLA.replace('quantile', 'quantil'), 'sla.yaml:4', 'quantile'],
    ['confidense', `${LENIENT_SLA}confidense: 0.9\n`, 'sla.yaml:6', 'confidence'],
    ['lateAftr', LENIENT_SLA.replace('lateAfter', 'lateAftr'), 'sla.yaml:2', 'lateAfter'],
  ])('the key %s of an SLA file', async (key, text, where, nearest) => {
    await writeFile(join(machine.cwd, 'sla.yaml'), text);
    const { code, stdout, stderr } = await machine.loadtest(smallRun(shop.url));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const part of [key, where, nearest]) expect(stderr).toContain(part);
    expect(shop.asked.size).toBe(0);
  });

  test.each([
    [
      'onsale.yaml',
      'buyers: 10\ncapacty: 5\n',
      /capacty(?:.|\n)*onsale\.yaml:2(?:.|\n)*`capacity`/,
    ],
    ['onsale.yaml', '# mine\nduration: 5 parsecs\n', /onsale\.yaml:2/],
    [
      '.config/onsale/config.yaml',
      'alowHost: [a.test]\n',
      /alowHost(?:.|\n)*config\.yaml:1(?:.|\n)*`allow/,
    ],
  ])('in %s: %j', async (name, text, told) => {
    const own = await newMachine();
    const path = name.startsWith('.') ? join(own.folder, name) : join(own.cwd, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
    const { code, stdout, stderr } = await own.loadtest(smallRun(shop.url));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(told);
    expect(shop.asked.size).toBe(0);
  });
});

describe('--settings says every value and where it is from', async () => {
  const machine = await newMachine();
  await writeFile(join(machine.cwd, 'onsale.yaml'), 'buyers: 30\nseed: 30\npools: 3\nzipf: 0.3\n');
  const user = join(machine.folder, '.config', 'onsale');
  await mkdir(user, { recursive: true });
  await writeFile(
    join(user, 'config.yaml'),
    'buyers: 40\nseed: 40\npools: 4\nzipf: 0.4\ncapacity: 44\n',
  );
  const env = { ONSALE_BUYERS: '20', ONSALE_SEED: '20', ONSALE_POOLS: '2' };
  const args = ['run', 'purchase-burst', '--settings', '--buyers', '10', '--seed', '10'];
  const expected: Readonly<Record<string, [value: string, source: RegExp]>> = {
    buyers: ['10', /^flag --buyers$/],
    seed: ['10', /^flag --seed$/],
    pools: ['2', /^environment ONSALE_POOLS$/],
    zipf: ['0.3', /^project file .*onsale\.yaml:4$/],
    capacity: ['44', /^user file .*config\.yaml:5$/],
    runsFolder: ['"runs"', /^default$/],
    timeout: ['10000', /^default$/],
  };

  test('for machines: flag before environment, project file, user file, default', async () => {
    const { code, stdout } = await machine.loadtest([...args, '--json'], { env });
    expect(code).toBe(0);
    const rows = JSON.parse(stdout) as { name: string; value: string; source: string }[];
    for (const [name, [value, source]] of Object.entries(expected)) {
      const row = rows.find((one) => one.name === name);
      expect(row, name).toMatchObject({ value, source: expect.stringMatching(source) });
    }
    const { stdout: help } = await machine.loadtest(['run', '--help']);
    // Whatever can be set by a flag that is no matter of output is a setting.
    const flags = [...help.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, flag]) => flag!);
    const settable = flags.filter(
      (f) => !['json', 'quiet', 'settings', 'dry-run', 'help'].includes(f),
    );
    const camel = (flag: string) => flag.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
    expect(rows.map(({ name }) => name).sort()).toEqual(settable.map(camel).sort());
  });

  test('for people: one line each', async () => {
    const { code, stdout } = await machine.loadtest(args, { env });
    expect(code).toBe(0);
    for (const [name, [value]] of Object.entries(expected)) {
      const line = stdout.split('\n').find((one) => one.startsWith(`${name} `));
      expect(line, name).toContain(value);
    }
  });
});
