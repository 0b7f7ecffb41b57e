import { type Sla, slaSchema } from '../model/sla.ts';
import { didYouMean, failureOf, type Problem, valueInWords } from './problem.ts';
import { problemsOf } from './schema-problem.ts';
import { parseYaml, type YamlDocument } from './yaml-document.ts';

/** What an SLA file may name that is not part of its format. */
export interface KnownNames {
  /** Ids of the registry of invariants. */
  readonly invariants: readonly string[];
}

/**
 * Reads an SLA file's text; `file` is its name for messages. Every mistake is found at once.
 * @throws UsageFailure naming for each mistake the line, column, key, what may stand there, what stood there and the
 *   nearest valid word.
 */
export function loadSla(text: string, file: string, known: KnownNames): Sla {
  const document = parseYaml(text);
  if (document.problems.length > 0) throw failureOf(document.problems, file);
  const notMap = topProblem(document);
  if (notMap !== null) throw failureOf([notMap], file);
  const parsed = slaSchema.safeParse(document.value);
  if (!parsed.success) {
    throw failureOf(
      parsed.error.issues.flatMap((issue) => problemsOf(issue, document)),
      file,
    );
  }
  const unknown = unknownInvariants(parsed.data, document, known.invariants);
  if (unknown.length > 0) throw failureOf(unknown, file);
  return parsed.data;
}

function topProblem({ value, locate }: YamlDocument): Problem | null {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return null;
  const empty = value === null || value === undefined;
  const got = empty ? 'an empty file' : valueInWords(value);
  const expected = 'a map with apiVersion and objectives';
  return { ...locate([]), path: [], expected, got, hint: null };
}

function unknownInvariants(
  sla: Sla,
  { locate }: YamlDocument,
  known: readonly string[],
): Problem[] {
  return sla.objectives.flatMap((objective, index) => {
    if (objective.kind !== 'invariants') return [];
    return (['only', 'except'] as const).flatMap((list) =>
      (objective[list] ?? []).flatMap((id, entry) => {
        if (known.includes(id)) return [];
        const path = ['objectives', index, list, entry];
        const expected = `an invariant: ${known.join(', ')}`;
        return [
          { ...locate(path), path, expected, got: valueInWords(id), hint: didYouMean(id, known) },
        ];
      }),
    );
  });
}
