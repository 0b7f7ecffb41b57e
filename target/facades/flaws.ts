import { UsageFailure } from '../failure.ts';
import type { FlawNote } from './facade.ts';

/**
 * Those of `flaws` that are named, in planting order. Two with their own way of selling cannot both be there.
 * @throws UsageFailure
 */
export function flawsNamed<One extends FlawNote>(
  flaws: readonly One[],
  names: readonly string[],
): readonly One[] {
  const chosen = flaws.filter((flaw) => names.includes(flaw.name));
  const selling = chosen.filter((flaw) => flaw.place === 'sale').map((flaw) => flaw.name);
  if (selling.length <= 1) return chosen;
  throw new UsageFailure({
    expected: 'at most one flaw with its own way of selling',
    got: selling.join(', '),
    where: '--flaw',
    remedy: 'Start one service for each.',
  });
}
