import { build } from 'esbuild';
import { RunFailure, UsageFailure } from '../model/failure.ts';

/** The name by which a scenario imports the protocol of whatever target it is run against. */
const TARGET_MODULE = 'onsale:target';

/** How much of esbuild's words go into a failure. */
const MESSAGES_MAX = 5;

interface BundleMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number } | null;
}

function inWords(message: BundleMessage): string {
  const at = message.location;
  return at === null ? message.text : `${at.file}:${at.line}: ${message.text}`;
}

function messagesOf(error: unknown): BundleMessage[] {
  if (typeof error !== 'object' || error === null || !('errors' in error)) return [];
  return Array.isArray(error.errors) ? (error.errors as BundleMessage[]) : [];
}

/**
 * Makes one plain JavaScript file of a scenario and a target's protocol, for k6: it cannot resolve npm or
 * extensionless imports itself. Types are not checked here; `npm run typecheck` does that.
 * @throws UsageFailure with esbuild's first errors if the scenario or the protocol cannot be bundled.
 */
export async function bundleScenario(asked: {
  /** Absolute paths. */
  readonly scenarioPath: string;
  readonly protocolPath: string;
  readonly outFile: string;
}): Promise<void> {
  try {
    await build({
      entryPoints: [asked.scenarioPath],
      outfile: asked.outFile,
      alias: { [TARGET_MODULE]: asked.protocolPath },
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'es2022',
      charset: 'utf8',
      external: ['k6', 'k6/*'],
      logLevel: 'silent',
      // A tsconfig.json found beside a user's protocol must not change what the bundle does.
      tsconfigRaw: '{}',
    });
  } catch (error) {
    const messages = messagesOf(error);
    if (messages.length === 0) {
      throw new RunFailure({
        expected: 'esbuild to bundle the scenario',
        got: error instanceof Error ? error.message : String(error),
        where: asked.scenarioPath,
        remedy: 'Check that the packages are installed: npm ci.',
        cause: error,
      });
    }
    throw new UsageFailure({
      expected: 'a scenario and a protocol that can be bundled',
      got: messages.slice(0, MESSAGES_MAX).map(inWords).join('; '),
      where: `${asked.scenarioPath} with ${asked.protocolPath}`,
      remedy: 'Mend the file and line named; the protocol must export `protocol`.',
      cause: error,
    });
  }
}
