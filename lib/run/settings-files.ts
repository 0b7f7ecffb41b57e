import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { readArtefactText } from '../artefacts/read.ts';
import { UsageFailure } from '../model/failure.ts';
import { userFolders } from './user-folders.ts';

export interface SettingsFile {
  readonly path: string;
  readonly kind: 'project' | 'user';
  readonly entries: readonly SettingsEntry[];
}

export interface SettingsEntry {
  readonly key: string;
  /** Plain data, as YAML gives it. */
  readonly value: unknown;
  /** From 1. */
  readonly line: number;
}

export const PROJECT_FILE = 'onsale.yaml';
const SETTINGS_BYTES_MAX = 256 * 1024;
const ALIASES_MAX = 20;

/**
 * The settings files that count, the more important first: the nearest onsale.yaml in `cwd` or a folder above it, but
 * not above the repository it lies in; then the user's config.yaml. Missing files are no files. Throws a `UsageFailure`
 * with file and line for one that cannot be read, is no YAML or is no list of settings.
 */
export async function readSettingsFiles({
  cwd,
  env,
}: {
  cwd: string;
  env: NodeJS.ProcessEnv;
}): Promise<SettingsFile[]> {
  const project = await findProjectFile(resolve(cwd));
  const user = join(userFolders(env).config, 'config.yaml');
  const files: SettingsFile[] = [];
  if (project !== null) files.push(await readSettingsFile(project, 'project'));
  if (await exists(user)) files.push(await readSettingsFile(user, 'user'));
  return files;
}

async function findProjectFile(folder: string): Promise<string | null> {
  const path = join(folder, PROJECT_FILE);
  if (await exists(path)) return path;
  const parent = dirname(folder);
  if (parent === folder || (await exists(join(folder, '.git')))) return null;
  return findProjectFile(parent);
}

async function readSettingsFile(path: string, kind: SettingsFile['kind']): Promise<SettingsFile> {
  const what = 'a settings file (YAML, one `name: value` a line)';
  const text = await readArtefactText(path, what, { bytesMax: SETTINGS_BYTES_MAX });
  return { path, kind, entries: parseSettings(text, path, what) };
}

/** The entries of a YAML text in their order; only comments gives none. `path` is for messages. */
export function parseSettings(text: string, path: string, what = 'settings'): SettingsEntry[] {
  const counter = new LineCounter();
  // Merge keys would bring in names that stand nowhere in the file.
  const document = parseDocument(text, { lineCounter: counter, merge: false, prettyErrors: false });
  const lineAt = (offset: number) => counter.linePos(offset).line;
  const [error] = document.errors;
  if (error !== undefined) {
    throw bad(what, `no YAML: ${error.code.toLowerCase()}`, `${path}:${lineAt(error.pos[0])}`);
  }
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) return [];
  if (!isMap(contents)) throw bad(what, 'something else than names with values', path);
  return contents.items.map(({ key, value }) => {
    const line = isScalar(key) && key.range != null ? lineAt(key.range[0]) : 1;
    const where = `${path}:${line}`;
    if (!isScalar(key) || typeof key.value !== 'string') {
      throw bad(what, 'a key that is no name', where);
    }
    return { key: key.value, value: plain(value, document, where, what), line };
  });
}

function plain(
  value: unknown,
  document: ReturnType<typeof parseDocument>,
  where: string,
  what: string,
): unknown {
  if (value === null) return null;
  try {
    const node = value as { toJS(doc: typeof document, options: object): unknown };
    return node.toJS(document, { maxAliasCount: ALIASES_MAX });
  } catch (cause) {
    throw bad(what, 'aliases that multiply', where, cause);
  }
}

function bad(expected: string, got: string, where: string, cause?: unknown): UsageFailure {
  return new UsageFailure({ expected, got, where, remedy: 'Correct the file.', cause });
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
