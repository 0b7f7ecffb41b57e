import { dirname, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { UsageFailure } from '../model/failure.ts';
import { bundleFailure } from './bundle-failure.ts';
import { demandWithoutNode, onlyWhatIsUsed, ownModule } from './own-imports.ts';

/** The name by which a scenario imports the protocol of whatever target it is run against. */
const TARGET_MODULE = 'onsale:target';

/** k6 resolves neither npm nor extensionless imports. */
const forK6 = {
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2022',
  charset: 'utf8',
  external: ['k6', 'k6/*'],
  logLevel: 'silent',
  metafile: true,
  plugins: [ownModule, onlyWhatIsUsed],
  // A tsconfig.json found beside a user's protocol must not change what the bundle does.
  tsconfigRaw: '{}',
} as const satisfies BuildOptions;

/**
 * Makes one plain JavaScript file of a scenario and a target's protocol, for k6. Types are not checked here;
 * `npm run typecheck` does that.
 * @throws UsageFailure with esbuild's first errors if the scenario or the protocol cannot be bundled, and with who
 * imports it if it needs Node.
 */
export async function bundleScenario(asked: {
  /** Absolute paths. */
  readonly scenarioPath: string;
  readonly protocolPath: string;
  readonly outFile: string;
}): Promise<void> {
  try {
    const bundled = await build({
      ...forK6,
      entryPoints: [asked.scenarioPath],
      outfile: asked.outFile,
      alias: { [TARGET_MODULE]: asked.protocolPath },
    });
    await demandWithoutNode(bundled, process.cwd());
  } catch (error) {
    if (error instanceof UsageFailure) throw error;
    throw bundleFailure(error, {
      expected: 'a scenario and a protocol that can be bundled',
      where: `${asked.scenarioPath} with ${asked.protocolPath}`,
      remedy: 'Mend the file and line named; the protocol must export `protocol`.',
    });
  }
}

/**
 * The same of a protocol alone, as a script that leaves it in a variable of that name: for trying, without k6, whether it
 * needs what k6 has not. Fails as {@link bundleScenario} does.
 */
export async function bundleProtocol(protocolPath: string): Promise<{ code: string; map: string }> {
  try {
    const bundled = await build({
      ...forK6,
      stdin: {
        contents: `import { protocol } from ${JSON.stringify(protocolPath)};\nexport default protocol;`,
        resolveDir: dirname(protocolPath),
        sourcefile: 'onsale-protocol.js',
      },
      outfile: join(dirname(protocolPath), 'onsale-protocol.out.js'),
      write: false,
      format: 'iife',
      globalName: 'protocol',
      sourcemap: 'external',
    });
    await demandWithoutNode(bundled, process.cwd());
    const textOf = (end: string) => bundled.outputFiles.find((one) => one.path.endsWith(end))!.text;
    return { code: textOf('.js'), map: textOf('.map') };
  } catch (error) {
    if (error instanceof UsageFailure) throw error;
    throw bundleFailure(error, {
      expected: 'a file with a protocol that can be bundled',
      where: protocolPath,
      remedy: 'Mend the file and line named; the file must export `protocol`.',
    });
  }
}
