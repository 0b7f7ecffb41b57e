import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const SHOP = fileURLToPath(new URL('../../../examples/tutorial-shop/shop.mjs', import.meta.url));

/** The key of its administration. */
export const KEY = 'canary key/of the shop';

const endings: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(endings.splice(0).map((end) => end())));

/** Starts the tutorial's shop on a free port; gives its address. It ends with the test file. */
export async function startTutorialShop(...flags: readonly string[]): Promise<string> {
  const args = [SHOP, '--port', '0', '--key', KEY, ...flags];
  const shop = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  endings.push(async () => {
    shop.kill();
    if (shop.exitCode === null && shop.signalCode === null) await once(shop, 'close');
  });
  const [line] = await once(shop.stdout.setEncoding('utf8'), 'data');
  return /http:\/\/[\d.:]*\d/.exec(String(line))![0];
}
