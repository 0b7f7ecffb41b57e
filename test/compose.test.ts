import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DCLinter } from 'dclint';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { apis } from '../target/facades/registry.ts';
import { PRETIX_VERSION } from '../target/pretix/release.ts';
import { composeReader } from './compose/reader.ts';

const root = dirname(import.meta.dirname);
const file = join(root, 'docker-compose.target.yml');
const text = readFileSync(file, 'utf8');

/** As written, its anchors followed. */
interface Service {
  readonly profiles: readonly string[];
  readonly image: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly secrets?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly restart?: string;
}
interface Project {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: object;
  readonly volumes: object;
  readonly secrets: Readonly<Record<string, { readonly environment?: string }>>;
}

const project = parse(text, { merge: true }) as Project;
const services = Object.entries(project.services);
const profiles = [...new Set(services.flatMap(([, service]) => service.profiles))];

const folder = await mkdtemp(join(tmpdir(), 'onsale-compose-'));
afterAll(() => rm(folder, { recursive: true }));

/** Names of the rules that the text breaks; matters of taste are left to the formatter. */
async function brokenRules(content: string): Promise<string[]> {
  const path = join(folder, 'docker-compose.yml');
  await writeFile(path, content);
  const off = [
    ...['no-quotes-in-volumes', 'service-dependencies-alphabetical-order', 'service-keys-order'],
    ...['services-alphabetical-order', 'top-level-properties-order', 'no-build-and-image'],
  ];
  const rules = Object.fromEntries(off.map((name) => [name, 0 as const]));
  const linter = new DCLinter({ rules, quiet: true, debug: false, exclude: [] });
  const [result] = linter.lintFiles([path], false);
  return (result?.messages ?? []).map(({ rule }) => rule);
}

it('has a profile for each API that `target up` knows', () => {
  expect(profiles.toSorted()).toEqual(apis.map(({ name }) => name).toSorted());
});

describe('the file fits the Compose specification', () => {
  it('as it is', async () => {
    expect(await brokenRules(text)).toEqual([]);
  });

  it.each([
    ['a wrong key', 'stop_grace_period:', 'stop_grace:', 'invalid-schema'],
    ['a wrong value', 'cap_drop: [ALL]', 'cap_drop: ALL', 'invalid-schema'],
    ['a port on every address', "'127.0.0.1:$", "'$", 'no-unbound-port-interfaces'],
    [
      'an image without a version',
      'redis:8.2.1-alpine',
      'redis',
      'service-image-require-explicit-tag',
    ],
  ])('and %s would be seen', async (_what, from, to, rule) => {
    expect(text).toContain(from);
    expect(await brokenRules(text.replaceAll(from, to))).toContain(rule);
  });
});

describe.each(services)('service %s', (_name, service) => {
  it('waits for services of its profile, uses what is declared, and mounts what is there', () => {
    for (const needed of Object.keys(service.depends_on ?? {}))
      expect(project.services[needed]?.profiles).toEqual(service.profiles);
    expect(Object.keys(project.secrets)).toEqual(
      expect.arrayContaining([...(service.secrets ?? [])]),
    );
    expect(Object.keys(project.networks)).toEqual(
      expect.arrayContaining([...(service.networks ?? [])]),
    );
    for (const volume of service.volumes ?? []) {
      const source = volume.split(':')[0]!;
      expect(
        source.startsWith('./') ? existsSync(join(root, source)) : source in project.volumes,
      ).toBe(true);
    }
  });

  it('has an exact version, ports on loopback only, and a health check unless it ends by itself', () => {
    expect(service.image).toMatch(/:\d+(\.\d+)+(-[a-z]+)?$/);
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(
      service.restart === 'no' ? service.healthcheck?.disable : service.healthcheck?.test,
    ).toBeTruthy();
  });

  it('reads its secrets from files that it is given', () => {
    const words = JSON.stringify([service.environment, service.command, service.healthcheck]);
    for (const [, secret] of words.matchAll(/\/run\/secrets\/([a-z-]+)/g))
      expect(service.secrets).toContain(secret);
    for (const [name, value] of Object.entries(service.environment ?? {}))
      if (/PASSWORD|SECRET|TOKEN/.test(name)) expect(value).toMatch(/^\/run\/secrets\//);
  });
});

it('has no secret of its own, and takes each from the environment', () => {
  for (const secret of Object.values(project.secrets))
    expect(secret).toEqual({ environment: expect.stringMatching(/^ONSALE_[A-Z_]+$/) });
});

it('runs the pretix that `target up pretix` installs', () => {
  expect(project.services['pretix-web']?.image).toBe(`pretix/standalone:${PRETIX_VERSION}`);
});

it.each(['compose/pretix/primary.sh', 'compose/pretix/replica.sh'])('%s is a script', (script) => {
  expect(spawnSync('sh', ['-n', join(root, script)]).status).toBe(0);
});

// Where a machine has neither Docker's Compose nor Go, the specification above is what it is held to.
describe.each(composeReader(folder))('$name', ({ read }) => {
  it.each(profiles)('reads profile %s, with the services of it and no other', (profile) => {
    const { status, output, errors } = read(file, profile);
    expect({ status, errors }).toEqual({ status: 0, errors: expect.any(String) });
    const expected = services.filter(([, service]) => service.profiles.includes(profile));
    const got = JSON.parse(output) as { readonly services: object };
    expect(Object.keys(got.services).toSorted()).toEqual(expected.map(([name]) => name).toSorted());
  });

  it('refuses a dependency that is not there', async () => {
    const broken = join(folder, 'broken.yml');
    await writeFile(broken, text.replace('      pretix-redis:\n', '      pretix-reddis:\n'));
    const { status, errors } = read(broken, 'pretix');
    expect(status).not.toBe(0);
    expect(errors).toContain('pretix-reddis');
  });
});
