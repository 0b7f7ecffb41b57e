import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadTarget } from '../../../bin/flow/load-target.ts';
import { UsageFailure } from '../../../lib/model/failure.ts';
import { bundleScenario } from '../../../lib/run/bundle.ts';
import { newMachine } from '../../experience/product.ts';
import { connectionTo } from '../../targets/connection.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsale own-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const IMPORT = `import { defineProtocol, ok, post } from 'onsale';`;
const PROTOCOL = `export const protocol = defineProtocol({
  purchase: { say: ({ intent }) => post('/buy', { key: intent.key }), read: () => ok() },
});`;
const ADMIN = `export const admin = { pools: () => [], orders: () => [] };`;

async function written(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

async function failureOf(text: string, name = 'shop.ts'): Promise<UsageFailure> {
  const path = await written(name, text);
  const failure = await loadTarget(path).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UsageFailure);
  return failure as UsageFailure;
}

/** What k6 would get. */
async function bundled(path: string): Promise<string> {
  const outFile = join(folder, 'out.js');
  const scenarioPath = join(import.meta.dirname, '../../../scenarios/purchase-burst.ts');
  await bundleScenario({ scenarioPath, protocolPath: path, outFile });
  return readFile(outFile, 'utf8');
}

describe('a file', () => {
  test.each(['ts', 'js', 'mjs'])(
    'that ends in .%s is a target under its base name',
    async (end) => {
      const path = await written(`my-shop.${end}`, `${IMPORT}\n${PROTOCOL}\n${ADMIN}`);
      const before = await readdir(tmpdir());
      const target = await loadTarget(path);
      expect(target).toMatchObject({ name: 'my-shop', protocolPath: path, options: [] });
      expect(target.capabilities).toEqual(['order-listing']);
      const left = (await readdir(tmpdir())).filter((one) => one.startsWith('onsale-target-'));
      expect(left.filter((one) => !before.includes(one))).toEqual([]);
    },
  );

  test('may use Node and packages of its folder where it is prepared; k6 gets none of it', async () => {
    await written('node_modules/side/package.json', '{"name":"side","main":"index.cjs"}');
    await written(
      'node_modules/side/index.cjs',
      `require('node:net'); globalThis.onsaleSideEffect = 'it is there'; exports.side = () => 'side';`,
    );
    await written(
      'near.ts',
      `import { hostname } from 'node:os'; export const near = () => hostname();`,
    );
    const path = await written(
      'with-packages.ts',
      `${IMPORT}
import { createHash } from 'node:crypto';
import { readFileSync } from 'fs';
import { side } from 'side';
import { near } from './near.ts';
${PROTOCOL}
export const admin = {
  pools: () => [{ id: side(), name: near(), left: readFileSync(import.meta.filename).length }],
  orders: () => createHash('sha1'),
};`,
    );
    const { admin } = await loadTarget(path);
    await admin.probe(connectionTo('http://127.0.0.1:1'));
    const text = await bundled(path);
    expect(text).toContain('/buy');
    for (const gone of [
      'createHash',
      'onsaleSideEffect',
      'hostname',
      'axios',
      'node:',
      'safeParse',
    ])
      expect(text).not.toContain(gone);
    expect(text.match(/from "[^"]+"/g)!.every((one) => one.startsWith('from "k6'))).toBe(true);
  });

  test('may have options, which its protocol gets', async () => {
    const options = `{ slug: { summary: 'of the shop', default: 'a', pattern: /[a-z]+/ } }`;
    const path = await written(
      'optional.ts',
      `${IMPORT}
export const protocol = defineProtocol({
  purchase: { say: ({ data }) => post('/' + data.slug.toUpperCase()), read: () => ok() },
});
export const admin = { pools: () => [], orders: () => [], options: ${options} };`,
    );
    expect((await loadTarget(path)).options).toMatchObject([{ name: 'slug', default: 'a' }]);
  });
});

describe('one failure with file and line for a file', () => {
  test.each<[string, string, RegExp]>([
    ['that is no code', `${IMPORT}\nexport const protocol = ;`, /shop\.ts:2: Unexpected/],
    ['with an import of nothing', `import './gone.ts';\n${PROTOCOL}`, /shop\.ts:1: .*gone\.ts/],
    ['without a protocol', ADMIN, /no export of that name/],
    ['without admin', `${IMPORT}\n${PROTOCOL}`, /export const admin.*no export of that name/],
    ['with a bare protocol', `export const protocol = {};\n${ADMIN}`, /something else under/],
    [
      'with a mistyped action',
      `${IMPORT}\n${PROTOCOL.replace('purchase', 'purchas')}\n${ADMIN}`,
      /Unrecognized key: "purchas"/,
    ],
    [
      'without a purchase',
      `${IMPORT}\n${PROTOCOL.replace('purchase', 'hold')}\n${ADMIN}`,
      /one without purchase/,
    ],
    [
      'that lists orders in two ways',
      `${IMPORT}\n${PROTOCOL}\n${ADMIN.replace('};', ', ordersOf: () => [] };')}`,
      /one of `orders` and `ordersOf`/,
    ],
    [
      'with a mistyped key',
      `${IMPORT}\n${PROTOCOL}\n${ADMIN.replace('pools', 'pool')}`,
      /pools: expected a function/,
    ],
    ['that throws', `${IMPORT}\n${PROTOCOL}\n\nthrow new Error('boom');`, /boom \(.*shop\.ts:6\)/],
    ['that throws nothing', `${IMPORT}\n${PROTOCOL}\nthrow null;`, /null was thrown/],
    [
      'whose protocol needs Node',
      `${IMPORT}\nimport { hostname } from 'node:os';\n${PROTOCOL.replace('intent.key', 'hostname()')}\n${ADMIN}`,
      /needs node:os \(.*shop\.ts:2\)/,
    ],
    [
      'whose top level needs Node in k6',
      `${IMPORT}\nimport { hostname } from 'os';\nconst here = hostname();\n${PROTOCOL}\n${ADMIN}`,
      /needs os \(.*shop\.ts:2\)/,
    ],
    [
      'whose protocol needs what only Node and browsers have',
      `${IMPORT}\n${PROTOCOL.replace('intent.key', 'new URL("http://x").href')}\n${ADMIN}`,
      /URL is not defined \(.*shop\.ts:3\)/,
    ],
    [
      'that reads replies by what only Node has',
      `${IMPORT}\n${PROTOCOL.replace('() => ok()', '({ body }) => ok({ order: atob(body) })')}\n${ADMIN}`,
      /atob is not defined \(.*shop\.ts:3\)/,
    ],
  ])('%s', async (_, text, told) => {
    expect((await failureOf(text)).message).toMatch(told);
  });

  test.each<[string, RegExp]>([
    ['primepass.ts', /an API that is known by that name/],
    ['my shop.ts', /a name of letters/],
    ['shop.txt', /ends in \.ts, \.js or \.mjs/],
  ])('called %s', async (name, told) => {
    expect((await failureOf(`${IMPORT}\n${PROTOCOL}\n${ADMIN}`, name)).message).toMatch(told);
  });

  test('that is not there', async () => {
    await expect(loadTarget(join(folder, 'none.ts'))).rejects.toThrow(/no such file/);
    await expect(loadTarget('./no-such-folder/')).rejects.toThrow(/no such file/);
  });

  test('that fails at work: told with its line', async () => {
    const path = await written(
      'fails.ts',
      `${IMPORT}\n${PROTOCOL}\nexport const admin = {\n  orders: () => [],\n  pools: async () => {\n    await null;\n    return none.left;\n  },\n};`,
    );
    const { admin } = await loadTarget(path);
    await expect(admin.probe(connectionTo('http://127.0.0.1:1'))).rejects.toThrow(
      /pools\(\) .*none is not defined \(.*fails\.ts:9\)/,
    );
  });
});

test('the command: 2 for a wrong file, 4 for one that fails at work, and a name that is a file here', async () => {
  const machine = await newMachine();
  await writeFile(join(machine.cwd, 'shop.ts'), `${IMPORT}\n${PROTOCOL}\n${ADMIN}`);
  const url = ['--url', 'http://127.0.0.1:1'];
  const plan = ['run', 'purchase-burst', '--sla', 'sla.yaml', ...url, '--target'];
  const here = await machine.loadtest([...plan, 'shop']);
  expect(here).toMatchObject({ code: 2, stdout: '' });
  expect(here.stderr).toContain('Say --target ./shop.ts.');
  await writeFile(join(machine.cwd, 'shop.ts'), `${IMPORT}\n${PROTOCOL}\n${ADMIN}\nthrow 'up';`);
  expect(await machine.loadtest([...plan, './shop.ts'])).toMatchObject({ code: 2, stdout: '' });
  const lazy = ADMIN.replace('() => []', '(shop) => shop.get("/")');
  await writeFile(join(machine.cwd, 'shop.ts'), `${IMPORT}\n${PROTOCOL}\n${lazy}`);
  const refused = await machine.loadtest([...plan, './shop.ts']);
  expect(refused).toMatchObject({ code: 4, stdout: '' });
  expect(refused.stderr).toMatch(/a refused connection\n.*asked by pools\(\) in shop\.ts:5/);
});
