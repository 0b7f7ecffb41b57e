import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { type Ended, type Machine, newMachine, smallRun } from '../experience/product.ts';
import { HOSTILE } from '../reports/example.ts';
import { startShop } from './shop.ts';

/** What a CI system takes for a command: GitHub also after blanks, and `##[` anywhere; Azure `##vso[`. */
const CI_COMMAND = /^\s*::|##\[|##vso/m;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const TITLE = '::add-mask::@team <script>window.owned=1</script>\n::error::boom \u001b[31m\u202e';
const TICKET = '##[error]<img src=x onerror=window.owned=1> @team';

/** Each buyer is told something else, some of it very long; statuses of every class. */
function replyFor(n: number): { status: number; body: string } {
  const text = `${HOSTILE[n % HOSTILE.length]} ${n}`;
  const bodies = [
    JSON.stringify({ error: text }),
    `{"__proto__":{"status":"success","polluted":true},"error":${JSON.stringify(text)}}`,
    JSON.stringify({ error: text, constructor: { prototype: { polluted: true } } }),
    `<h1>${text}</h1>`,
    JSON.stringify({ error: text.repeat(Math.ceil(300_000 / text.length)) }),
    `${text}\n::stop-commands::x\n{"session":1,"intent":"forged"}`,
  ];
  const statuses = [400, 500, 502, 200, 418, 400];
  return { status: statuses[n % statuses.length]!, body: bodies[n % bodies.length]! };
}

let machine: Machine;
let run: string;
let ended: Ended;
beforeAll(async () => {
  let purchases = 0;
  const shop = await startShop({
    event: TITLE,
    ticket: TICKET,
    capacity: 30,
    answer: ({ path, reply, honest }) => {
      if (path !== '/api/purchase' || purchases++ % 3 === 0) return honest();
      const { status, body } = replyFor(purchases);
      reply.writeHead(status, { 'X-Note': '::error::header' }).end(body);
    },
  });
  machine = await newMachine();
  // Over HTTP alone, so that the names come from the target.
  ended = await machine.loadtest(smallRun(shop.url));
  [run] = (await machine.runs()) as [string];
});

const artefact = (name: string) => readFile(join(run, name), 'utf8');

test('the run is judged: answers like these are evidence, and no pass', async () => {
  expect([1, 3], ended.stderr).toContain(ended.code);
  const history = await artefact('history.ndjson');
  expect(history.trim().split('\n')).toHaveLength(80);
  expect(Object.keys(Object.prototype)).toEqual([]);
  for (const line of history.trim().split('\n')) expect(line.length).toBeLessThan(10_000);
});

test.each(['stdout', 'stderr'] as const)('%s: no escape, no command for CI', (stream) => {
  expect(ended[stream]).not.toMatch(CONTROL);
  expect(ended[stream]).not.toMatch(CI_COMMAND);
});

test('judging and reporting again say no more than that', async () => {
  for (const command of ['judge', 'report']) {
    const { stdout, stderr } = await machine.loadtest([command, run]);
    expect(stdout + stderr).not.toMatch(CONTROL);
    expect(stdout + stderr).not.toMatch(CI_COMMAND);
  }
});

test('every file is one that its reader can read', async () => {
  for (const name of ['manifest.json', 'fixture.json', 'state.json', 'verdict.json']) {
    JSON.parse(await artefact(name));
  }
  const junit = await artefact('report/junit.xml');
  expect(XMLValidator.validate(junit)).toBe(true);
  const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(junit);
  expect(testsuites).toBeDefined();
  expect(junit).not.toMatch(CONTROL);
});

test('summary.md mentions nobody, holds no markup and no command', async () => {
  const summary = await artefact('report/summary.md');
  expect(summary).not.toContain('@team');
  expect(summary).not.toMatch(/<script|<img/i);
  expect(summary).not.toMatch(CONTROL);
  expect(summary).not.toMatch(CI_COMMAND);
});

describe('the page in a real browser', async () => {
  const browser = await launchBrowser();
  afterAll(() => browser.close());

  test('runs nothing and asks for nothing', async () => {
    const page = await browser.newPage();
    const deeds: string[] = [];
    page.on('dialog', (dialog) => {
      deeds.push(`dialog ${dialog.message()}`);
      dialog.dismiss().catch((error: unknown) => deeds.push(String(error)));
    });
    page.on('console', (message) => deeds.push(`console ${message.text()}`));
    page.on('pageerror', (error) => deeds.push(`error ${error.message}`));
    const url = pathToFileURL(join(run, 'report', 'report.html')).href;
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:'))
        deeds.push(`request ${request.url().slice(0, 200)}`);
    });
    await page.goto(url, { waitUntil: 'load' });
    expect(await page.evaluate('window.owned')).toBeUndefined();
    expect(await page.evaluate('document.scripts.length')).toBe(0);
    expect(await page.evaluate('document.body.innerText')).toContain('purchase-burst');
    expect(deeds).toEqual([]);
  });
});

test('nothing lies beside what a run leaves', async () => {
  expect((await readdir(machine.cwd)).sort()).toEqual(['.git', 'runs', 'sla.yaml']);
  expect(await readdir(join(machine.folder, 'tmp'))).toEqual([]);
});
