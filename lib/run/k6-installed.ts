import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { UsageFailure } from '../model/failure.ts';
import { K6_VERSION, K6_VERSION_MIN, k6FileName } from './k6-release.ts';
import { askK6Version, isAtLeast, type VersionOptions, versionNumbers } from './k6-version.ts';

export interface InstalledK6 {
  readonly path: string;
  readonly version: string;
}

/**
 * The k6 that `$K6_PATH` names, whatever its minor version: who names it means it. Null where the variable is unset or
 * empty. Throws a `UsageFailure` where it names anything but a k6 of major 1.
 */
export async function k6FromVariable(
  env: NodeJS.ProcessEnv,
  options: VersionOptions,
): Promise<InstalledK6 | null> {
  const { K6_PATH } = env;
  if (K6_PATH === undefined || K6_PATH === '') return null;
  const path = resolve(K6_PATH);
  const there = await stat(path).catch(() => null);
  if (there === null) throw badVariable(path, 'no such file');
  if (!there.isFile()) throw badVariable(path, 'a folder or a device');
  const { version, trouble } = await askK6Version(path, options);
  if (version === null) throw badVariable(path, `something that ${trouble}`);
  if (versionNumbers(version)[0] !== 1) throw badVariable(path, `k6 ${version}`);
  return { path, version };
}

function badVariable(path: string, got: string): UsageFailure {
  return new UsageFailure({
    expected: 'a program that is k6 1.x',
    got,
    where: `$K6_PATH, ${path}`,
    remedy: `Set K6_PATH to a k6 ${K6_VERSION}, or unset it to have one found or fetched.`,
  });
}

export interface PathSearch {
  readonly found: InstalledK6 | null;
  /** What was found before it and cannot be used, in words. */
  readonly passedOver: readonly string[];
}

/** The first usable k6 on PATH. Relative entries are left out: they mean something else in every folder. */
export async function k6FromPath(
  env: NodeJS.ProcessEnv,
  options: VersionOptions,
): Promise<PathSearch> {
  const passedOver: string[] = [];
  const folders = new Set((env.PATH ?? '').split(delimiter).filter(isAbsolute));
  for (const folder of folders) {
    const path = join(folder, k6FileName(process.platform));
    if (!(await isProgram(path))) continue;
    const { version, trouble } = await askK6Version(path, options);
    if (version !== null && isUsable(version)) return { found: { path, version }, passedOver };
    const why = version === null ? trouble : `is k6 ${version}, not 1.x from ${K6_VERSION_MIN} on`;
    passedOver.push(`${path}, which ${why}`);
  }
  return { found: null, passedOver };
}

function isUsable(version: string): boolean {
  return versionNumbers(version)[0] === 1 && isAtLeast(version, K6_VERSION_MIN);
}

async function isProgram(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => null);
  if (there === null || !there.isFile()) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
