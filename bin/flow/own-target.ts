import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createContext, Script } from 'node:vm';
import { Failure, UsageFailure } from '../../lib/model/failure.ts';
import { bundleProtocol } from '../../lib/run/bundle.ts';
import { bundleOwn } from '../../lib/run/bundle-own.ts';
import type { Target } from '../../lib/targets/admin.ts';
import { rehearsed } from '../../lib/targets/own/rehearse.ts';
import { nobodyAsking, type OwnExports, ownTarget } from '../../lib/targets/own/target.ts';
import { thrownText } from '../../lib/targets/own/work.ts';
import type { Protocol } from '../../lib/targets/protocol.ts';
import { targets } from '../../lib/targets/registry.ts';
import { shownPath } from './shown-path.ts';

/** So long a file may take to be imported; what it waits for at its top level does not come. */
const IMPORT_LIMIT_MS = 10_000;
const FOLDER_PREFIX = 'onsale-target-';
const NAME = /^[A-Za-z0-9][\w.-]{0,79}$/;

/**
 * The target of a file outside the repository, tried as far as can be without its shop. Throws a `UsageFailure` that names
 * file and line for whatever is wrong with it.
 */
export async function loadOwnTarget(given: string): Promise<Target> {
  const path = resolve(given);
  const shown = shownPath(path);
  const name = nameOf(path, shown);
  const { code, map } = await bundleOwn(path);
  const locate = locator(map, dirname(path));
  const file = { shown, locate };
  const exports = await imported(code, { name, ...file });
  const target = ownTarget({ name, path, file, exports });
  await tryWithoutNode(target, shown);
  return target;
}

function nameOf(path: string, shown: string): string {
  const where = `--target ${shown}`;
  const end = extname(path);
  if (!existsSync(path))
    throw new UsageFailure({
      expected: 'a file with an API of your own',
      got: 'no such file',
      where,
      remedy:
        '`bin/loadtest init my-shop` writes one; `bin/loadtest targets` lists what is known by name.',
    });
  if (!/^\.(ts|js|mjs)$/.test(end))
    throw new UsageFailure({
      expected: 'a file that ends in .ts, .js or .mjs',
      got: JSON.stringify(basename(path)),
      where,
      remedy: 'Rename the file.',
    });
  return checkedTargetName(basename(path, end), where);
}

/** The name of a target of one's own, fit for manifests and not taken. Throws a `UsageFailure` for any other. */
export function checkedTargetName(name: string, where: string): string {
  const isTaken = targets.some((target) => target.name === name);
  if (NAME.test(name) && !isTaken) return name;
  throw new UsageFailure({
    expected:
      'a name of letters, digits, _, . and -, by which runs are told from those of other targets',
    got: isTaken
      ? `"${name}", an API that is known by that name`
      : JSON.stringify(name.slice(0, 100)),
    where,
    remedy: 'Take another name.',
  });
}

interface Imported {
  readonly name: string;
  readonly shown: string;
  readonly locate: (error: unknown) => string | null;
}

/** From a folder of its own, which goes at once: a module that is loaded needs its file no more. */
async function imported(code: string, { name, shown, locate }: Imported): Promise<OwnExports> {
  const folder = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  try {
    const path = join(folder, `${name}.mjs`);
    await writeFile(path, code);
    return await inTime(import(pathToFileURL(path).href));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new UsageFailure({
      expected: 'a file that can be imported',
      got: thrownText(error),
      where: locate(error) ?? shown,
      remedy: 'Mend that line; what needs the shop belongs into the functions of `admin`.',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`importing it took more than ${IMPORT_LIMIT_MS} ms`)),
      IMPORT_LIMIT_MS,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/**
 * Runs the part of the file that k6 will get where there is nothing but the language, as in k6: what it needs of Node is
 * told now and not by every virtual user.
 */
async function tryWithoutNode(target: Target, shown: string): Promise<void> {
  const { code, map } = await bundleProtocol(target.protocolPath);
  const locate = locator(map, dirname(target.protocolPath));
  const options = Object.fromEntries(target.options.map((option) => [option.name, option.default]));
  try {
    const context = createContext({ console: { log: () => undefined } });
    const filename = BUNDLE_NAME;
    const protocol = new Script(`${code}\nprotocol.default`, { filename }).runInContext(context);
    rehearsed(protocol as Protocol, nobodyAsking(options));
  } catch (error) {
    throw new UsageFailure({
      expected:
        'a protocol that runs inside k6, which has the language and nothing of Node or a browser',
      got: thrownText(error),
      where: locate(error) ?? shown,
      remedy: 'Do without it there; the module onsale has what protocols need.',
    });
  }
}

const BUNDLE_NAME = 'onsale-protocol.js';
const FRAME = /(?:\(|at (?:async )?)((?:file:\/\/)?[^()\s]*?\.m?js):(\d+):(\d+)\)?$/gm;

/**
 * Where in the file an error came from: the innermost line of its stack that lies in the bundle, through the bundle's
 * source map. Lines of the module onsale are passed over.
 */
function locator(map: string, folder: string): (error: unknown) => string | null {
  const sourceMap = new SourceMap(JSON.parse(map) as SourceMapPayload);
  return (error) => {
    const stack =
      error !== null && typeof error === 'object' && 'stack' in error ? error.stack : '';
    for (const [, at, line, column] of String(stack).matchAll(FRAME)) {
      if (!isBundle(at!)) continue;
      const entry = sourceMap.findEntry(Number(line) - 1, Number(column) - 1);
      if (!('originalSource' in entry) || entry.originalSource === undefined) continue;
      const source = resolve(folder, entry.originalSource);
      if (source.endsWith('.ts') && source.includes('/lib/targets/')) continue;
      return `${shownPath(source)}:${entry.originalLine + 1}`;
    }
    return null;
  };
}

function isBundle(at: string): boolean {
  if (at === BUNDLE_NAME) return true;
  const path = at.startsWith('file://') ? fileURLToPath(at) : at;
  return basename(dirname(path)).startsWith(FOLDER_PREFIX);
}
