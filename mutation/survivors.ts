import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

/*
 * A mutant that no test noticed is known by what stands there and what stood there instead, not by its line number:
 * an explanation outlives a change elsewhere in the file, and dies with a change of its own line.
 */
export interface Mutant {
  /** The line on which it begins, without indentation. */
  readonly at: string;
  /** The code that was changed, in one line, and what became of it. */
  readonly was: string;
  readonly became: string;
}

const TEXT_LENGTH_MAX = 100;
const EXPLAINED = join(import.meta.dirname, 'explained');

const explanationSchema = z.strictObject({
  at: z.string(),
  was: z.string(),
  became: z.string(),
  why: z.string().min(10),
});
export type Explanation = z.infer<typeof explanationSchema>;

const placeSchema = z.object({ line: z.int(), column: z.int() });
/** What of Stryker's report (https://github.com/stryker-mutator/mutation-testing-elements) is looked at. */
const reportSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          status: z.string(),
          replacement: z.string().optional(),
          location: z.object({ start: placeSchema, end: placeSchema }),
        }),
      ),
    }),
  ),
});

/** Of one file, or of the part of it that was asked about: the mutants that a test noticed, and the others. */
export interface Tally {
  readonly file: string;
  readonly noticed: readonly Mutant[];
  readonly survivors: readonly Mutant[];
}

const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

/**
 * Reads Stryker's JSON report. Mutants that could not run or were left out do not count; one that ran into the time
 * limit was noticed.
 */
export function readReport(path: string): Tally[] {
  const { files } = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return Object.entries(files).map(([file, { source, mutants }]) => {
    const lines = linesOf(source);
    const endingIn = (statuses: readonly string[]): Mutant[] =>
      mutants
        .filter(({ status }) => statuses.includes(status))
        .map(({ location, replacement = '' }) => ({
          at: lines[location.start.line - 1]!,
          was: cut(partOf(source, location)),
          became: cut(replacement),
        }));
    return { file, noticed: endingIn(NOTICED), survivors: endingIn(UNNOTICED) };
  });
}

function partOf(source: string, { start, end }: { start: Place; end: Place }): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1);
  lines[0] = lines[0]!.slice(start.column - 1);
  return lines.join('\n');
}
type Place = z.infer<typeof placeSchema>;

/** Each line as {@link Mutant.at} has it. */
export const linesOf = (source: string): string[] => source.split('\n').map(cut);

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > TEXT_LENGTH_MAX ? `${line.slice(0, TEXT_LENGTH_MAX)}…` : line;
}

/** `lib/invariants/counter/counter.ts` is explained in `counter.counter.yaml`. */
export const explanationPath = (file: string) =>
  join(
    EXPLAINED,
    `${file
      .replace(/^lib\/invariants\//, '')
      .replace(/\.ts$/, '')
      .replaceAll('/', '.')}.yaml`,
  );

/** Every explanation of a file; none where it has no explanations. */
export function readExplanations(file: string): Explanation[] {
  const path = explanationPath(file);
  if (!readdirSync(EXPLAINED).some((name) => path === join(EXPLAINED, name))) return [];
  return z.array(explanationSchema).parse(parse(readFileSync(path, 'utf8')) ?? []);
}

const isSame = (a: Mutant, b: Mutant) => a.at === b.at && a.was === b.was && a.became === b.became;

/** Survivors that no explanation is for, and explanations of what did not survive on a line whose mutants were tried. */
export function compare(
  { noticed, survivors }: Pick<Tally, 'noticed' | 'survivors'>,
  explanations: readonly Explanation[],
) {
  const tried = new Set([...noticed, ...survivors].map(({ at }) => at));
  return {
    unexplained: survivors.filter((each) => !explanations.some((why) => isSame(each, why))),
    outdated: explanations.filter(
      (why) => tried.has(why.at) && !survivors.some((each) => isSame(each, why)),
    ),
  };
}

/** As a list to be completed and put into the file's explanations. */
export const asYaml = (mutants: readonly Mutant[]): string =>
  stringify(
    mutants.map((each) => ({ ...each, why: '' })),
    { lineWidth: 0 },
  );
