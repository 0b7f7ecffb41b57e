import { type FileHandle, open } from 'node:fs/promises';
import { UsageFailure } from '../model/failure.ts';
import { type Sla, slaSchema } from '../model/sla.ts';
import { didYouMean, failureOf, type Problem, valueInWords } from './problem.ts';
import { problemsOf } from './schema-problem.ts';
import { parseYaml, type YamlDocument } from './yaml-document.ts';

/** A hundred times the largest one anybody writes by hand. */
export const SLA_BYTES_MAX = 256 * 1024;

/** What an SLA file may name that is not part of its format. */
export interface KnownNames {
  /** Ids of the registry of invariants. */
  readonly invariants: readonly string[];
}

/**
 * The SLA file at `path`.
 * @throws UsageFailure if it is missing, no file, unreadable, too large, not UTF-8, or whatever {@link loadSla} finds.
 */
export async function readSla(path: string, known: KnownNames): Promise<Sla> {
  const bytes = await readBytes(path);
  if (bytes.length > SLA_BYTES_MAX) throw unusable(path, `more than ${SLA_BYTES_MAX} bytes`);
  try {
    return loadSla(new TextDecoder('utf-8', { fatal: true }).decode(bytes), path, known);
  } catch (error) {
    if (error instanceof TypeError) throw unusable(path, 'bytes that are not UTF-8', error);
    throw error;
  }
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

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      return await readUpTo(file, SLA_BYTES_MAX + 1);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unusable(path, gotOf(error as NodeJS.ErrnoException), error);
  }
}

/** Reads instead of asking for the size, which a pipe or a device does not have. */
async function readUpTo(file: FileHandle, bytes: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(bytes);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes; length += read) {
    ({ bytesRead: read } = await file.read(buffer, length, bytes - length, null));
  }
  return buffer.subarray(0, length);
}

function gotOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no file of that name';
  if (code === 'EISDIR') return 'a folder';
  if (code === 'EACCES') return 'a file that may not be read';
  return message;
}

function unusable(path: string, got: string, cause?: unknown): UsageFailure {
  return new UsageFailure({
    expected: 'an SLA file (YAML)',
    got,
    where: path,
    remedy: 'thresholds/ holds examples; --sla names the file to use.',
    cause,
  });
}
