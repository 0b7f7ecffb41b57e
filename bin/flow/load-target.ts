import { existsSync } from 'node:fs';
import { UsageFailure } from '../../lib/model/failure.ts';
import type { Target } from '../../lib/targets/admin.ts';
import { findTarget, targets } from '../../lib/targets/registry.ts';

/** Whether a target is named by a file, not by its name in the registry. */
export function isOwnTarget(name: string): boolean {
  return /[/\\]/.test(name) || /\.(ts|js|mjs)$/.test(name);
}

/**
 * The target of that name, or of that file: whatever contains a slash or ends in .ts, .js or .mjs. Throws a
 * `UsageFailure` where there is none, or where the file is wrong.
 */
export async function loadTarget(name: string): Promise<Target> {
  if (isOwnTarget(name)) {
    const { loadOwnTarget } = await import('./own-target.ts');
    return loadOwnTarget(name);
  }
  const files = ['.ts', '.js', '.mjs']
    .map((end) => `${name}${end}`)
    .filter((file) => existsSync(file));
  if (files.length > 0 && targets.every((target) => target.name !== name))
    throw new UsageFailure({
      expected: 'the name of a target, or a file, which is told by its path',
      got: `"${name}", which is neither; there is a file ${files[0]} here`,
      where: '--target',
      remedy: `Say --target ./${files[0]}.`,
    });
  return findTarget(name);
}
