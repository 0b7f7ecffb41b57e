import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleFailure } from './bundle-failure.ts';
import { ownModule, packagesInPlace } from './own-imports.ts';

/**
 * Makes one module for Node of a file with an API of one's own and what it imports beside it, TypeScript or not; gives
 * its text and its source map. The path is absolute. Packages stay where they are. Types are not checked.
 * @throws UsageFailure with esbuild's first errors where it cannot be bundled.
 */
export async function bundleOwn(path: string): Promise<{ code: string; map: string }> {
  try {
    const { outputFiles } = await build({
      entryPoints: [path],
      outdir: dirname(path),
      outExtension: { '.js': '.mjs' },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      charset: 'utf8',
      logLevel: 'silent',
      sourcemap: 'external',
      plugins: [ownModule, packagesInPlace],
      // The bundle lies elsewhere; what the file reads beside itself does not.
      define: {
        'import.meta.url': JSON.stringify(pathToFileURL(path).href),
        'import.meta.filename': JSON.stringify(path),
        'import.meta.dirname': JSON.stringify(dirname(path)),
      },
      tsconfigRaw: '{}',
    });
    const textOf = (end: string) => outputFiles.find((file) => file.path.endsWith(end))!.text;
    return { code: textOf('.mjs'), map: textOf('.map') };
  } catch (error) {
    throw bundleFailure(error, {
      expected: 'a file with an API that can be bundled',
      where: path,
      remedy: 'Mend the file and line named.',
    });
  }
}
