import leven from 'leven';
import { UsageFailure } from '../../lib/model/failure.ts';

/**
 * The failure for a name that is none of `known`, with the nearest one; `where` is the flag or argument, `more` a
 * sentence that says where all of them are told. `known` is not empty.
 */
export function unknownName(
  got: string,
  {
    known,
    what,
    where,
    more,
  }: { known: readonly string[]; what: string; where: string; more: string },
): UsageFailure {
  const [nearest] = known.toSorted((a, b) => leven(a, got) - leven(b, got));
  return new UsageFailure({
    expected: `one of ${what}${known.join(', ')}`,
    got: JSON.stringify(got.slice(0, 100)),
    where,
    remedy: `Did you mean ${nearest}?${more}`,
  });
}
