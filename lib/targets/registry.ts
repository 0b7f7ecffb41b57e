import leven from 'leven';
import { UsageFailure } from '../model/failure.ts';
import type { Target } from './admin.ts';
import { co4353 } from './co4353/target.ts';
import { excerpt } from './excerpt.ts';
import { pretix } from './pretix/target.ts';
import { primepass } from './primepass/target.ts';
import { reference } from './reference/target.ts';
import { wdm } from './wdm/target.ts';

/** Every target there is; a new one is one more entry. */
export const targets: readonly Target[] = [primepass, reference, pretix, co4353, wdm];

/** The target of that name. Fails with a `UsageFailure` that proposes the nearest one. */
export function findTarget(name: string): Target {
  const found = targets.find((target) => target.name === name);
  if (found !== undefined) return found;
  const names = targets.map((target) => target.name);
  const nearest = [...names].sort((a, b) => leven(a, name) - leven(b, name))[0];
  throw new UsageFailure({
    expected: `one of the targets ${names.join(', ')}`,
    got: `"${excerpt(name, 60)}"`,
    where: '--target',
    remedy: `Did you mean ${nearest}? \`bin/loadtest targets\` lists them all.`,
  });
}
