import type { z } from 'zod';
import { objectiveSchema, slaSchema, validitySchema, windowSchema } from '../model/sla.ts';
import { didYouMean, type Problem, valueInWords } from './problem.ts';
import type { YamlDocument } from './yaml-document.ts';

type Issue = z.core.$ZodIssue;

/** What a schema's issue says, in words and with its place in the text. One issue can name several unknown keys. */
export function problemsOf(issue: Issue, document: YamlDocument): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, issue.path, document));
  }
  const got = valueAt(document.value, issue.path);
  const choices = choicesOf(issue);
  return [
    {
      ...document.locate(issue.path),
      path: issue.path,
      expected: expectedOf(issue, choices),
      got: valueInWords(got),
      hint: typeof got === 'string' ? didYouMean(got, choices) : null,
    },
  ];
}

function unknownKey(
  key: string,
  path: readonly PropertyKey[],
  { value, locate }: YamlDocument,
): Problem {
  const known = knownKeys(value, path);
  return {
    ...locate(path, key),
    path: [...path, key],
    expected: `one of the keys ${known.join(', ')}`,
    got: `the unknown key ${valueInWords(key)}`,
    hint: didYouMean(key, known),
  };
}

/** The schema's issue does not say which keys there would have been. */
function knownKeys(value: unknown, path: readonly PropertyKey[]): string[] {
  const last = path.at(-1);
  if (last === undefined) return Object.keys(slaSchema.shape);
  if (last === 'validity') return Object.keys(validitySchema.shape);
  if (last === 'window') return Object.keys(windowSchema.shape);
  const kind = valueAt(value, [...path, 'kind']);
  const option = objectiveSchema.options.find(({ shape }) => shape.kind.value === kind);
  return Object.keys(option?.shape ?? {});
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
}

/** The few values that may stand there, where they are few. */
function choicesOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union' || issue.discriminator === undefined) return [];
  return objectiveSchema.options.map(({ shape }) => shape.kind.value);
}

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

function expectedOf(issue: Issue, choices: readonly string[]): string {
  if (choices.length > 0) return choices.length > 1 ? `one of ${choices.join(', ')}` : choices[0]!;
  if (issue.message.startsWith('expected ')) return issue.message.slice('expected '.length);
  if (issue.code === 'invalid_type') return nouns[issue.expected] ?? issue.expected;
  const inclusive = 'inclusive' in issue && issue.inclusive === true;
  if (issue.code === 'too_small') return sized(issue.origin, inclusive ? '≥' : '>', issue.minimum);
  if (issue.code === 'too_big') return sized(issue.origin, inclusive ? '≤' : '<', issue.maximum);
  return issue.message;
}

function sized(origin: string, sign: string, bound: number | bigint): string {
  const noun = origin === 'array' ? 'a list with' : origin === 'string' ? 'text with' : 'a number';
  const unit = origin === 'array' ? ' entries' : origin === 'string' ? ' characters' : '';
  return `${noun} ${sign} ${bound}${unit}`;
}
