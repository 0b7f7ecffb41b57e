import { targets } from '../../lib/targets/registry.ts';

/**
 * A run's target as it is typed after `--target`. A run knows only the name of an API of one's own, and the name alone is
 * not accepted: `init` and the documents call its file by that name.
 */
export function typedTarget(name: string): string {
  return targets.some((target) => target.name === name) ? name : `./${name}.ts`;
}
