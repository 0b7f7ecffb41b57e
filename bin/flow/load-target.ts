import type { Target } from '../../lib/targets/admin.ts';
import { findTarget } from '../../lib/targets/registry.ts';

/** The target of that name. Throws a `UsageFailure` where there is none. */
export async function loadTarget(name: string): Promise<Target> {
  return findTarget(name);
}
