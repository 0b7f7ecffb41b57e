import leven from 'leven';
import { UsageFailure } from '../model/failure.ts';
import type { Target } from './admin.ts';
import { excerpt } from './excerpt.ts';

/**
 * Every option of the target with the value that `given` has for it as `name=value`, or its default; of several, the last.
 * Throws a `UsageFailure` for one that the target does not have and for a value that does not fit.
 */
export function optionsOf(
  { name: target, options }: Pick<Target, 'name' | 'options'>,
  given: readonly string[],
): Readonly<Record<string, string>> {
  const values = new Map(options.map((option) => [option.name, option.default]));
  for (const text of given) {
    const at = text.indexOf('=');
    const name = at === -1 ? text : text.slice(0, at);
    const option = options.find((each) => each.name === name);
    if (option === undefined) throw unknownOption(target, { name, options });
    const value = text.slice(at + 1);
    if (at === -1 || !new RegExp(`^(?:${option.pattern.source})$`, 'u').test(value))
      throw new UsageFailure({
        expected: `${name}=value: ${option.summary}`,
        got: at === -1 ? 'no value' : `the value "${excerpt(value, 60)}"`,
        where: '--option',
        remedy: `\`bin/loadtest targets ${target}\` says what fits.`,
      });
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

function unknownOption(
  target: string,
  { name, options }: { name: string; options: Target['options'] },
): UsageFailure {
  const names = options.map((option) => option.name);
  const nearest = [...names].sort((a, b) => leven(a, name) - leven(b, name))[0];
  return new UsageFailure({
    expected: names.length === 0 ? `no option: ${target} has none` : `one of ${names.join(', ')}`,
    got: `"${excerpt(name, 60)}"`,
    where: '--option',
    remedy:
      nearest === undefined
        ? 'Leave it out.'
        : `Did you mean ${nearest}? \`bin/loadtest targets ${target}\` lists them all.`,
  });
}
