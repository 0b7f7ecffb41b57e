import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildResult, Plugin, PluginBuild } from 'esbuild';
import { UsageFailure } from '../model/failure.ts';
import { projectRoot } from './project-root.ts';

/** What a file with an API of one's own imports, whatever folder it lies in. */
const OWN_MODULE = 'onsale';
const OWN_MODULE_PATH = join(projectRoot, 'lib', 'targets', 'own', 'module.ts');

const builtins = new Set(builtinModules);
const isBuiltin = (name: string) => name.startsWith('node:') || builtins.has(name);
const isBare = (name: string) => !/^(\.{0,2}\/|\.{1,2}$)/.test(name);

/** Lets `import … from 'onsale'` find the module in this project. */
export const ownModule: Plugin = {
  name: 'onsale',
  setup: (build) => {
    build.onResolve({ filter: new RegExp(`^${OWN_MODULE}$`) }, () => ({ path: OWN_MODULE_PATH }));
  },
};

/** Marks a look for a package by a plugin itself, which must not come back to it. */
const OWN_LOOK = 'onsale: resolved by itself';

/** Resolves package names as `found` wants it; calls it with what esbuild itself would take. */
function onPackages(
  build: PluginBuild,
  found: (path: string) => { path: string; external?: boolean; sideEffects?: boolean },
): void {
  build.onResolve({ filter: /./ }, async ({ path, pluginData, kind, importer, resolveDir }) => {
    const isOurs = pluginData === OWN_LOOK || kind === 'entry-point' || path === OWN_MODULE;
    if (isOurs || !isBare(path) || isBuiltin(path) || path.includes(':')) return null;
    const pluginLook = { importer, resolveDir, kind, pluginData: OWN_LOOK };
    const result = await build.resolve(path, pluginLook);
    // What cannot be found esbuild tells itself, with the line.
    if (result.errors.length > 0) return null;
    return result.external ? result : found(result.path);
  });
}

/**
 * For Node: packages of the file's own folder are imported from where they lie and not bundled, so that they may hold
 * what no bundler can move.
 */
export const packagesInPlace: Plugin = {
  name: 'packages in place',
  setup: (build) =>
    onPackages(build, (path) => ({ path: pathToFileURL(path).href, external: true })),
};

/**
 * For k6: what the scenario does not need of a file goes, with everything that only it imports. What is left of Node is
 * told by {@link demandWithoutNode}.
 */
export const onlyWhatIsUsed: Plugin = {
  name: 'only what is used',
  setup: (build) => {
    build.onResolve({ filter: /./ }, ({ path }) =>
      isBuiltin(path) ? { path, external: true, sideEffects: false } : null,
    );
    onPackages(build, (path) => ({ path, sideEffects: false }));
  },
};

/** Fails with a `UsageFailure` that names who needs Node, if a bundle for k6 still does. */
export async function demandWithoutNode(
  { metafile }: BuildResult<{ metafile: true }>,
  folder: string,
): Promise<void> {
  for (const output of Object.values(metafile.outputs)) {
    const needed = output.imports.find(({ path, external }) => external && isBuiltin(path))?.path;
    if (needed === undefined) continue;
    const importer = Object.keys(output.inputs).find((input) =>
      metafile.inputs[input]?.imports.some(({ path }) => path === needed),
    );
    throw new UsageFailure({
      expected: 'a protocol that runs inside k6, which has no Node',
      got: `one that needs ${needed}`,
      where: await placeOf(needed, importer, folder),
      remedy:
        'Use it in functions of `admin` alone; what they share is to be made inside them, not at the top of the file.',
    });
  }
}

/** The line that imports it; the scenario, should nobody be found. */
async function placeOf(
  name: string,
  importer: string | undefined,
  folder: string,
): Promise<string> {
  if (importer === undefined) return 'the scenario';
  const path = join(folder, importer);
  const lines = (await readFile(path, 'utf8')).split('\n');
  const line = lines.findIndex((text) => text.includes(`'${name}'`) || text.includes(`"${name}"`));
  const shown = relative(process.cwd(), path);
  return `${shown.startsWith('..') ? path : shown}${line === -1 ? '' : `:${line + 1}`}`;
}
