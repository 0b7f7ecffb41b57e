import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { UsageFailure } from '../../lib/model/failure.ts';
import {
  explainSettings,
  flagsGiven,
  nearestName,
  resolveSettings,
  setting,
  unknownVariables,
} from '../../lib/run/settings.ts';
import { parseSettings, readSettingsFiles } from '../../lib/run/settings-files.ts';

const declared = {
  buyers: setting({
    schema: z.coerce.number().int().min(1),
    default: 2000,
    description: 'buyers, a whole number ≥ 1',
  }),
  allowHost: setting({
    schema: z.union([z.string().transform((text) => text.split(',')), z.array(z.string())]),
    default: [] as string[],
    description: 'hosts that load may be sent to',
  }),
};
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsale-test-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function file(kind: 'project' | 'user', text: string) {
  const path = `/etc/${kind}.yaml`;
  return { path, kind, entries: parseSettings(text, path) };
}

function failureOf(work: () => unknown) {
  try {
    work();
  } catch (failure) {
    expect(failure).toBeInstanceOf(UsageFailure);
    return (failure as UsageFailure).parts;
  }
  throw new Error('nothing was refused');
}

describe('resolveSettings', () => {
  test('takes the first source that has a value, for every set of sources', () => {
    const order = ['flag', 'environment', 'project file', 'user file', 'default'] as const;
    fc.assert(
      fc.property(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()), (has) => {
        const { values, origins } = resolveSettings(declared, {
          flags: has[0] ? { buyers: '10' } : {},
          env: has[1] ? { ONSALE_BUYERS: '11' } : {},
          files: [
            ...(has[2] ? [file('project', 'buyers: 12')] : []),
            ...(has[3] ? [file('user', 'buyers: 13')] : []),
          ],
        });
        const first = [...has, true].indexOf(true);
        expect(origins.buyers.source).toBe(order[first]);
        expect(values.buyers).toBe([10, 11, 12, 13, 2000][first]);
      }),
    );
  });

  test('explains every value with flag, variable or line', () => {
    const resolved = resolveSettings(declared, {
      flags: {},
      env: { ONSALE_ALLOW_HOST: 'a.example,b.example' },
      files: [file('project', '# a comment\n\nbuyers: 5\n')],
    });
    expect(explainSettings(declared, resolved)).toEqual([
      {
        name: 'buyers',
        value: '5',
        source: 'project file /etc/project.yaml:3',
        description: 'buyers, a whole number ≥ 1',
      },
      {
        name: 'allowHost',
        value: '["a.example","b.example"]',
        source: 'environment ONSALE_ALLOW_HOST',
        description: 'hosts that load may be sent to',
      },
    ]);
  });

  test('an empty variable is an unset one', () => {
    const sources = { flags: {}, env: { ONSALE_BUYERS: '' }, files: [] };
    expect(resolveSettings(declared, sources).origins.buyers.source).toBe('default');
  });

  test.each([
    ['buyrs: 5', '/etc/user.yaml:1', /Did you mean `buyers`/],
    ['buyers: 5\nallow_hosts: x', '/etc/user.yaml:2', /Did you mean `allowHost`/],
    ['databaseUrl: "postgres://u:hunter2@h/d"', '/etc/user.yaml:1', /environment only/],
    ['__proto__: {buyers: 1}', '/etc/user.yaml:1', /Remove it/],
    ['constructor: 1', '/etc/user.yaml:1', /Remove it/],
    ['<<: {buyers: 1}', '/etc/user.yaml:1', /Remove it/],
  ])('refuses the unknown key in %j', (text, where, remedy) => {
    const sources = { flags: {}, env: {}, files: [file('user', text)] };
    const parts = failureOf(() => resolveSettings(declared, sources));
    expect(parts.where).toBe(where);
    expect(parts.remedy).toMatch(remedy);
    expect(JSON.stringify(parts)).not.toContain('hunter2');
  });

  test('refuses a value that does not fit, also where a flag would hide it', () => {
    const files = [file('project', 'buyers: none')];
    for (const flags of [{}, { buyers: '3' }]) {
      const parts = failureOf(() => resolveSettings(declared, { flags, env: {}, files }));
      expect(parts.where).toBe('/etc/project.yaml:1');
    }
    const env = { ONSALE_BUYERS: '0' };
    const parts = failureOf(() => resolveSettings(declared, { flags: {}, env, files: [] }));
    expect(parts.where).toBe('ONSALE_BUYERS');
  });

  test('a secret cannot be declared', () => {
    const secret = { apiToken: setting({ schema: z.string(), default: '', description: '' }) };
    expect(() => resolveSettings(secret, { flags: {}, env: {}, files: [] })).toThrow(/secret/);
  });
});

test('of commander only the flags that were given count', () => {
  const command = new Command()
    .option('--buyers <n>', 'buyers', '99')
    .option('--allow-host <host...>', 'hosts');
  command.parse(['--allow-host', 'a', 'b'], { from: 'user' });
  expect(flagsGiven(command)).toEqual({ allowHost: ['a', 'b'] });
});

test('mistyped variables are found, with the nearest known one', () => {
  const env = { ONSALE_BUYRES: '1', ONSALE_BUYERS: '1', ONSALE_XYZ: '1', OTHER: '1', ONSALE_A: '' };
  expect(unknownVariables(declared, env, ['ONSALE_A'])).toEqual([
    { name: 'ONSALE_BUYRES', nearest: 'ONSALE_BUYERS' },
    { name: 'ONSALE_XYZ', nearest: null },
  ]);
});

test('a name is only near when little differs', () => {
  expect(nearestName('buyer', ['buyers', 'seed'])).toBe('buyers');
  expect(nearestName('BUYERS', ['buyers', 'seed'])).toBe('buyers');
  expect(nearestName('something', ['buyers', 'seed'])).toBeNull();
  expect(nearestName('x', [])).toBeNull();
});

describe('parseSettings', () => {
  test.each(['', '# nothing\n', '---\n'])('%j has no entries', (text) => {
    expect(parseSettings(text, 'f')).toEqual([]);
  });

  test.each([
    ['a list', '- a\n', 'f'],
    ['a text', 'buyers', 'f'],
    ['broken YAML', 'a: 1\nb: [1\n', 'f:3'],
    ['a key twice', 'a: 1\na: 2\n', 'f:2'],
    ['a key that is a list', '[a]: 1\n', 'f:1'],
    ['a missing alias', 'a: *b\n', 'f:1'],
  ])('refuses %s', (_name, text, where) => {
    expect(failureOf(() => parseSettings(text, 'f')).where).toBe(where);
  });

  test('refuses aliases that multiply', () => {
    const layers = Array.from({ length: 8 }, (_, i) => {
      const before = i === 0 ? '1' : `*a${i - 1}`;
      return `a${i}: &a${i} [${Array(9).fill(before).join(', ')}]`;
    });
    expect(failureOf(() => parseSettings(layers.join('\n'), 'f')).got).toMatch(/multiply/);
  });
});

describe('readSettingsFiles', () => {
  test('finds the nearest project file up to the repository, then the user file', async () => {
    const home = join(folder, 'home');
    const inner = join(folder, 'outer', 'repo', 'a', 'b');
    await mkdir(inner, { recursive: true });
    await mkdir(join(folder, 'outer', 'repo', '.git'));
    await mkdir(join(home, '.config', 'onsale'), { recursive: true });
    const env = { HOME: home };
    await writeFile(join(folder, 'outer', 'onsale.yaml'), 'buyers: 1');
    expect(await readSettingsFiles({ cwd: inner, env })).toEqual([]);
    await writeFile(join(folder, 'outer', 'repo', 'onsale.yaml'), 'buyers: 2');
    await writeFile(join(home, '.config', 'onsale', 'config.yaml'), 'buyers: 3');
    const found = await readSettingsFiles({ cwd: inner, env });
    expect(found.map(({ kind, entries }) => [kind, entries[0]!.value])).toEqual([
      ['project', 2],
      ['user', 3],
    ]);
  });

  test('a folder under the name is refused', async () => {
    const cwd = join(folder, 'odd');
    await mkdir(join(cwd, 'onsale.yaml'), { recursive: true });
    await expect(readSettingsFiles({ cwd, env: { HOME: cwd } })).rejects.toThrow(UsageFailure);
  });
});
