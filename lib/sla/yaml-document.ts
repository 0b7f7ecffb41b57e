import { type Document, isAlias, isMap, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Problem } from './problem.ts';

/** A YAML text that is plain data and nothing else, and where in the text each of its values stands. */
export interface YamlDocument {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Line and column, from 1, of the value at `path`, else of the nearest thing that holds it. */
  readonly locate: (path: readonly PropertyKey[], key?: string) => Position;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Keys that would reach an object's prototype, or merge another map into this one (YAML 1.1). */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype', '<<']);

/**
 * Parses one YAML document. Whatever makes YAML more than data is a problem, not a feature: aliases (bombs), merge
 * keys, tags, several documents, keys that are no text, duplicate keys. `value` is undefined if there is any problem.
 */
export function parseYaml(text: string): YamlDocument {
  try {
    return parsePlain(text);
  } catch (error) {
    // The parser recurses, so a text of nothing but brackets exhausts the stack: the text's fault, not a bug.
    if (!(error instanceof RangeError)) throw error;
    const start = { line: 1, column: 1 };
    const problem: Problem = { ...start, path: [], expected: DATA, got: TOO_DEEP, hint: null };
    return { value: undefined, problems: [problem], locate: () => start };
  }
}

const DATA = 'well-formed YAML';
const TOO_DEEP = 'values nested too deeply';

function parsePlain(text: string): YamlDocument {
  const lineCounter = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true });
  const problems = [...syntaxProblems(document, at), ...featureProblems(document, at)];
  return {
    value: problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 }),
    problems,
    locate: (path, key) => at(offsetOf(document, path, key)),
  };
}

type At = (offset: number) => Position;

const expectedOf: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'every key once in a map',
  MULTIPLE_DOCS: 'one document in the file',
  TAG_RESOLVE_FAILED: 'plain data without tags',
  NON_STRING_KEY: 'keys that are text',
  BAD_ALIAS: 'values written out, without aliases',
  BAD_DIRECTIVE: 'no directives, or %YAML 1.2',
};

/** The first error only: those after it are its echoes. */
function syntaxProblems(document: Document.Parsed, at: At): Problem[] {
  return [...document.errors.slice(0, 1), ...document.warnings].map(({ code, message, pos }) => ({
    ...at(pos[0]),
    path: [],
    expected: expectedOf[code] ?? DATA,
    got: message.includes('call stack') ? TOO_DEEP : message.split('\n')[0]!.slice(0, 200),
    hint: null,
  }));
}

function featureProblems(document: Document.Parsed, at: At): Problem[] {
  const problems: Problem[] = [];
  const note = (node: Node, expected: string, got: string) =>
    problems.push({ ...at(node.range?.[0] ?? 0), path: [], expected, got, hint: null });
  visit(document, (_, node) => {
    if (isAlias(node)) note(node, 'values written out', `an alias, *${node.source.slice(0, 40)}`);
    if (!isMap(node)) return;
    for (const { key } of node.items) {
      const name = String((key as { value?: unknown } | null)?.value);
      if (FORBIDDEN_KEYS.has(name)) note(key as Node, 'a key of the SLA format', `"${name}"`);
    }
  });
  return problems;
}

/** Where the key itself stands if `key` is one of the map at `path`, else where the value at `path` begins. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], key?: string): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    const named =
      key !== undefined && depth === path.length && isMap(node)
        ? node.items.find((pair) => (pair.key as { value?: unknown }).value === key)?.key
        : undefined;
    const found = (named ?? node) as Node | null | undefined;
    if (found?.range) return found.range[0];
  }
  return 0;
}
