import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageFailure } from '../../lib/model/failure.ts';
import { bundleScenario } from '../../lib/run/bundle.ts';
import { temporaryFolder } from './play.ts';

const scenario = `
  import http from 'k6/http';
  import { protocol } from 'onsale:target';
  export default () => http.get(protocol);
`;

/** Bundles the scenario text with the protocol text; gives the bundle's. */
async function bundle(texts: { scenario: string; protocol: string | null }): Promise<string> {
  const folder = await temporaryFolder();
  const paths = {
    scenarioPath: join(folder, 'scenario.ts'),
    protocolPath: join(folder, 'protocol.ts'),
    outFile: join(folder, 'out.js'),
  };
  await writeFile(paths.scenarioPath, texts.scenario);
  if (texts.protocol !== null) await writeFile(paths.protocolPath, texts.protocol);
  await bundleScenario(paths);
  return readFile(paths.outFile, 'utf8');
}

test('the protocol is in the bundle, k6 is not', async () => {
  const protocol = 'export const protocol: string = "http://shop";';
  const text = await bundle({ scenario, protocol });
  expect(text).toContain('"http://shop"');
  expect(text).toMatch(/from "k6\/http"/);
  expect(text).not.toContain('onsale:target');
});

test.each([
  ['a syntax error', scenario, 'export const protocol = ;', /protocol\.ts:1: Unexpected ";"/],
  ['no protocol in it', scenario, 'export const other = 1;', /scenario\.ts:3: .*"protocol"/],
  [
    'an unknown import',
    scenario,
    'import "no-such-package"; export const protocol = 1;',
    /protocol\.ts:1: .*no-such-package/,
  ],
  ['a missing file', scenario, null, /Could not resolve/],
  ['a broken scenario', 'export default () => {', 'export const protocol = 1;', /scenario\.ts:1/],
])('%s is one failure that says where', async (_what, text, protocol, expected) => {
  const failure = await bundle({ scenario: text, protocol }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UsageFailure);
  expect((failure as UsageFailure).message).toMatch(expected);
});
