import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { K6_CHECKSUMS, K6_RELEASE_URL, K6_VERSION } from '../../lib/run/k6-release.ts';

const inProject = (path: string) =>
  readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock = JSON.parse(await inProject('package-lock.json')) as {
  packages: Record<string, Locked>;
};
const manifest = JSON.parse(await inProject('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'scripts',
  Record<string, string>
>;
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('the lockfile', () => {
  test('every package comes from a registry, with its SHA-512', () => {
    expect(packages.length).toBeGreaterThan(100);
    for (const [path, { resolved, link, integrity }] of packages) {
      expect(link, path).toBeUndefined();
      // Without an address it is the user's registry, whichever that is; the hash holds it to its word.
      if (resolved !== undefined)
        expect(new URL(resolved).origin, path).toBe('https://registry.npmjs.org');
      expect(integrity, path).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    }
  });

  test('package.json asks for exact versions, and the lockfile has them', () => {
    for (const [name, version] of Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
    })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });
});

describe('install scripts', () => {
  test('the launcher runs none', async () => {
    const launcher = await inProject('bin/launch/packages.mjs');
    const installs = launcher.match(/\['ci'[^\]]*\]/g);
    expect(installs).toEqual([expect.stringContaining("'ci', '--ignore-scripts'")]);
  });

  test('the project has none of its own', () => {
    const names = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
    for (const name of names) expect(manifest.scripts[name]).toBeUndefined();
  });
});

// That a download is held to these checksums, and refused without them, is tested with k6's download.
test('k6 is one release from one place, with the checksums of that release', () => {
  expect(K6_VERSION).toMatch(/^\d+\.\d+\.\d+$/);
  expect(K6_RELEASE_URL).toBe(`https://github.com/grafana/k6/releases/download/v${K6_VERSION}`);
  expect(K6_CHECKSUMS).toContain(K6_VERSION);
});
