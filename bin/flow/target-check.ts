import { checkDatabase, checkTarget } from '../../lib/run/host-guard.ts';
import { pinnedAgents } from '../../lib/run/pinned-connections.ts';
import type { Connection, Trial } from '../../lib/targets/admin.ts';
import { optionsOf } from '../../lib/targets/options.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';
import { sayable } from '../sayable.ts';
import { loadTarget } from './load-target.ts';
import { secretsFrom } from './request.ts';
import { withWatch } from './run-and-tell.ts';

const TIMEOUT_MS = 10_000;

/** A target that is to be asked, not loaded. */
export interface Asking {
  readonly url: string;
  readonly option?: readonly string[];
  readonly allowHost?: readonly string[];
}

/** The way to a target for a command that sends no load. Throws a `UsageFailure` for a host that is not allowed. */
export async function connectionFor(
  target: Parameters<typeof optionsOf>[0],
  { url, option = [], allowHost = [] }: Asking,
  { signal, onNotice }: { signal: AbortSignal; onNotice: (sentence: string) => void },
): Promise<Connection> {
  const options = optionsOf(target, option);
  const address = await checkTarget(url, allowHost);
  const { databaseUrl, token } = secretsFrom(process.env);
  if (databaseUrl !== null) await checkDatabase(databaseUrl, allowHost);
  const { httpAgent, httpsAgent } = pinnedAgents(address);
  return {
    url: address.url,
    databaseUrl,
    token,
    options,
    timeoutMs: TIMEOUT_MS,
    signal,
    onProgress: () => undefined,
    onNotice,
    httpAgent,
    httpsAgent,
  };
}

/** `targets check`: every call of the contract once. Exit code 1 where something differs. */
export async function checkTargetContract(
  api: string,
  asked: Asking & { readonly json: boolean },
): Promise<number> {
  const target = await loadTarget(api);
  return withWatch({ quiet: asked.json }, async ({ interruption, terminal }) => {
    const connection = await connectionFor(target, asked, {
      signal: interruption.signal,
      onNotice: terminal.note,
    });
    const trials = await target.admin.check(connection);
    const differing = trials.filter(({ got }) => got !== null).length;
    process.stdout.write(
      asked.json ? `${JSON.stringify(trials, null, 2)}\n` : asText(trials, differing),
    );
    return differing === 0 ? exitCodes.pass : exitCodes.fail;
  });
}

function asText(trials: readonly Trial[], differing: number): string {
  const lines = trials.map(({ what, expected, got }) =>
    got === null
      ? `  as told  ${what}`
      : `  DIFFERS  ${what}\n           expected ${expected}\n           got      ${got}`,
  );
  const sum =
    differing === 0
      ? `All ${trials.length} calls are as the contract says.`
      : `${differing} of ${trials.length} calls differ from the contract.`;
  return `${sayable([...lines, sum].join('\n'))}\n`;
}
