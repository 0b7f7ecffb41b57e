import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../lib/model/finding.ts';
import { html } from '../../../reports/html/html.ts';
import { junit } from '../../../reports/junit/junit.ts';
import type { ReportInput } from '../../../reports/report.ts';
import { launchBrowser } from '../../browser.ts';
import { type ExampleOptions, exampleRun, HOSTILE } from '../example.ts';

let browser: Browser;
let folder: string;
/** A real server beside, so that a request that left the browser is known by its arrival. */
let server: Server;
let elsewhere: string;
const arrived: string[] = [];
beforeAll(async () => {
  server = createServer((request, reply) => {
    arrived.push(request.url ?? '');
    reply.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), 'onsale-page-'));
});
afterAll(async () => {
  await browser?.close();
  await new Promise((closed) => server.close(closed));
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const desktop = { width: 1100, height: 800 };
const phone = { width: 390, height: 844 };

interface Opened {
  readonly page: Page;
  /** Everything that the page did beyond being shown. */
  readonly deeds: string[];
}

/** Opens a page from a file, as a reader does, and writes down all that it does. */
async function open(content: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const path = join(folder, `${Math.random()}.html`);
  await writeFile(path, content);
  const url = pathToFileURL(path).href;
  const context = await browser.newContext({ viewport: desktop, ...options });
  const page = await context.newPage();
  const deeds: string[] = [];
  page.on('dialog', (dialog) => {
    deeds.push(`dialog ${dialog.message()}`);
    dialog.dismiss().catch((error: unknown) => deeds.push(String(error)));
  });
  page.on('console', (message) => deeds.push(`console ${message.text()}`));
  page.on('pageerror', (error) => deeds.push(`error ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:'))
      deeds.push(`request ${request.url()}`);
  });
  await page.goto(url, { waitUntil: 'load' });
  await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  return { page, deeds };
}

const drawn = new Map<string, Promise<string>>();

/** Each story's page is drawn once. */
function reportOf(options: ExampleOptions): Promise<string> {
  const key = JSON.stringify(options);
  const page = drawn.get(key) ?? draw(exampleRun(options));
  drawn.set(key, page);
  return page;
}

async function draw(input: ReportInput): Promise<string> {
  const [file] = await html.render(input);
  expect(file!.name).toBe('report.html');
  return file!.content as string;
}

/** Things only known in the page; written as text, as this file is not type-checked against a browser. */
const inPage = {
  owned: 'window.owned',
  text: 'document.body.innerText',
  widths: '[document.documentElement.scrollWidth, window.innerWidth]',
  beyond: `[...document.querySelectorAll('main *')]
    .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1 && !e.closest('thead'))
    .map((e) => e.outerHTML.slice(0, 120))`,
  images: `[...document.images].map((i) => ({
    drawn: i.complete && i.naturalWidth > 0, alt: i.alt, width: i.naturalWidth, source: i.currentSrc.slice(-200) }))`,
  active: `document.querySelectorAll('script,iframe,object,embed,link,base,form,[onload],[onerror],[style]').length`,
  headings: `[...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))`,
};

const ask = <T>(page: Page, question: keyof typeof inPage) => page.evaluate<T>(inPage[question]);

interface Image {
  readonly drawn: boolean;
  readonly alt: string;
  readonly width: number;
  readonly source: string;
}

describe('the instrument', () => {
  it('sees a script, a dialog and a request of a page that has them', async () => {
    const { page, deeds } = await open(
      `<body><script>window.owned=1;alert(7)</script><img src="${elsewhere}/seen.png">`,
    );
    expect(await ask(page, 'owned')).toBe(1);
    expect(deeds).toEqual(expect.arrayContaining(['dialog 7', `request ${elsewhere}/seen.png`]));
    expect(arrived).toContain('/seen.png');
    await page.context().close();
  });
});

describe('report.html', () => {
  const looks = [
    ['desktop, light', { viewport: desktop, colorScheme: 'light' }],
    ['desktop, dark', { viewport: desktop, colorScheme: 'dark' }],
    ['phone, light', { viewport: phone, colorScheme: 'light' }],
    ['phone, dark', { viewport: phone, colorScheme: 'dark' }],
  ] as const;

  it.each(looks)('%s: runs and asks for nothing, whatever the target said', async (_, look) => {
    const { page, deeds } = await open(await reportOf({ story: 'fail', hostile: true }), look);
    expect(deeds).toEqual([]);
    expect(await ask(page, 'owned')).toBeUndefined();
    expect(await ask(page, 'active')).toBe(0);
    await page.context().close();
  });

  it('would stop markup that got in all the same: the policy is the second door', async () => {
    const planted =
      `<script>window.owned=1;alert(1)</script><img src="${elsewhere}/no.png" onerror="window.owned=2">` +
      `<style>body{display:none}</style><p style="color:red">x</p><iframe src="${elsewhere}/no"></iframe>`;
    const report = (await reportOf({ story: 'pass' })).replace('<main>', `<main>${planted}`);
    const { page, deeds } = await open(report);
    expect(await ask(page, 'owned')).toBeUndefined();
    expect(deeds.filter((deed) => deed.startsWith('dialog'))).toEqual([]);
    expect(arrived.filter((path) => path.startsWith('/no'))).toEqual([]);
    const refusals = deeds.filter((deed) => deed.includes('Content Security Policy'));
    expect(refusals.length).toBeGreaterThan(3);
    expect(await page.evaluate('getComputedStyle(document.body).display')).toBe('block');
    await page.context().close();
  });

  it.each(['pass', 'fail', 'inconclusive', 'empty'] as const)(
    '%s: fits a phone of 390 px, hostile texts too',
    async (story) => {
      for (const hostile of [false, true]) {
        const { page } = await open(await reportOf({ story, hostile }), {
          viewport: phone,
        });
        const [content, window] = await ask<[number, number]>(page, 'widths');
        expect(content).toBe(window);
        expect(await ask(page, 'beyond')).toEqual([]);
        await page.context().close();
      }
    },
  );

  it('draws its pictures, each look its own, with words for those who cannot see them', async () => {
    const report = await reportOf({ story: 'fail' });
    const shown = new Map<string, readonly Image[]>();
    for (const [name, look] of looks) {
      const { page } = await open(report, look);
      const images = await ask<Image[]>(page, 'images');
      expect(images).toHaveLength(4);
      for (const { drawn, alt, width } of images) {
        expect(drawn).toBe(true);
        expect(alt.length).toBeGreaterThan(40);
        expect(width).toBe(look.viewport === phone ? 800 : 1840);
      }
      shown.set(name, images);
      await page.context().close();
    }
    const sources = [...shown.values()].flatMap((images) => images.map(({ source }) => source));
    expect(new Set(sources).size).toBe(16);
  });

  it('is dark in the dark, pictures too', async () => {
    const report = await reportOf({ story: 'fail' });
    const brightness = async (colorScheme: 'light' | 'dark') => {
      const { page } = await open(report, { colorScheme });
      const measured = await page.evaluate<[number, number]>(`(() => {
        const image = document.images[0];
        const canvas = document.createElement('canvas');
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0, 1, 1, 0, 0, 1, 1);
        const body = getComputedStyle(document.body).backgroundColor.match(/\\d+/g);
        return [context.getImageData(0, 0, 1, 1).data[1], Number(body[1])];
      })()`);
      await page.context().close();
      return measured;
    };
    for (const value of await brightness('light')) expect(value).toBeGreaterThan(230);
    for (const value of await brightness('dark')) expect(value).toBeLessThan(60);
  });

  it('says first what failed, by how much, the limit and what to do', async () => {
    const { page } = await open(await reportOf({ story: 'fail' }), { viewport: phone });
    const text = await page.innerText('header');
    for (const part of [
      'FAIL',
      '512 tickets of 500 were sold',
      'p99 of purchase ≤ 300\u00a0ms',
      '1.382\u00a0s',
      '1.204\u00a0s to 1.551\u00a0s',
      'bin/loadtest explain runs/purchase-burst/2026-11-21T14-30-00Z oversell-final',
    ]) {
      expect(text).toContain(part);
    }
    await page.context().close();
  });

  it('shows every hostile text as text', async () => {
    const { page } = await open(await reportOf({ story: 'fail', hostile: true }));
    const text = await ask<string>(page, 'text');
    for (const part of [
      HOSTILE[0],
      HOSTILE[1],
      '\\u{202e}gpj.exe',
      '\\u{1b}[31mred',
      '\\u{d800}',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    await page.context().close();
  });

  it('has one first heading, and none that leaves out a level', async () => {
    const { page } = await open(await reportOf({ story: 'fail' }));
    const headings = await ask<number[]>(page, 'headings');
    expect(headings.filter((level) => level === 1)).toHaveLength(1);
    headings.forEach((level, i) => {
      expect(level - (headings[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
    await page.context().close();
  });

  it('shows a witness as bars: one for each operation, open where it never ended', async () => {
    const { operations } = exampleRun({ story: 'fail' }).verdict.findings[0]!.witness!;
    const { page } = await open(await reportOf({ story: 'fail' }));
    const card = page.locator('article', { hasText: 'Never more sold' });
    expect(await card.locator('rect.bar').count()).toBe(operations.length);
    const uncertain = operations.filter(({ outcome }) => outcome === 'info').length;
    expect(uncertain).toBeGreaterThan(0);
    expect(await card.locator('line.open').count()).toBe(uncertain);
    expect(await page.locator('svg.interval').count()).toBe(3);
    await page.context().close();
  });

  it('folds away the witness of what holds, and no other', async () => {
    const input = exampleRun({ story: 'fail' });
    const [violated] = input.verdict.findings;
    const findings = (['violated', 'holds'] as const).map((value) => ({
      ...violated!,
      value,
      summary: value,
    })) as Finding[];
    const { page } = await open(await draw({ ...input, verdict: { ...input.verdict, findings } }));
    expect(await page.locator('details').count()).toBe(1);
    expect(await page.locator('ol.lanes:visible').count()).toBe(1);
    await page.locator('summary').click();
    expect(await page.locator('ol.lanes:visible').count()).toBe(2);
    await page.context().close();
  });

  it('says of each operation what was asked and told, of rows what they hold, and what is beside', async () => {
    const input = exampleRun({ story: 'fail' });
    const [violated, ...others] = input.verdict.findings;
    const [hold, ...more] = violated!.witness!.operations;
    const witness = {
      ...violated!.witness!,
      operations: [
        { ...hold!, kind: 'hold', seat: '<i>A37', order: '17', amount: 2000 } as const,
        ...more,
      ],
      rows: [{ ...violated!.witness!.rows[0]!, state: 'held', seat: 'A37', amount: 2000 } as const],
    };
    const findings = [{ ...violated!, witness } as Finding, ...others];
    const { page } = await open(await draw({ ...input, verdict: { ...input.verdict, findings } }), {
      viewport: phone,
    });
    const text = await ask<string>(page, 'text');
    for (const words of ['seat <i>A37', 'order 17', 'charges 2,000', 'live, held'])
      expect(text).toContain(words);
    const beside = page.locator('article', { hasText: '2 claims say nothing about this sale' });
    expect(await beside.innerText()).toMatch(/double-allocation[\s\S]*sale-window/);
    expect(await ask(page, 'beyond')).toEqual([]);
    await page.context().close();
  });

  it('stays below 5 MB after an hour and 200,000 operations, with hostile replies', async () => {
    const report = await reportOf({
      story: 'fail',
      buyers: 200_000,
      durationMs: 3_600_000,
      hostile: true,
    });
    expect(Buffer.byteLength(report)).toBeLessThan(5_000_000);
  });

  it('prints light and in one column', async () => {
    const { page } = await open(await reportOf({ story: 'fail' }), {
      colorScheme: 'dark',
    });
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    const colour = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(colour).toBe('rgb(255, 255, 255)');
    await page.context().close();
  });
});

describe('junit.xml', () => {
  it('is well-formed to a browser’s strict parser under hostile text', async () => {
    const [file] = await junit.render(exampleRun({ story: 'fail', hostile: true }));
    const page = await browser.newPage();
    const parsed = await page.evaluate<[number, number], string>((xml) => {
      const parser = new (globalThis as unknown as { DOMParser: new () => Parser }).DOMParser();
      const parsed = parser.parseFromString(xml, 'application/xml');
      return [
        parsed.querySelectorAll('parsererror').length,
        parsed.querySelectorAll('testcase').length,
      ];
    }, file!.content as string);
    expect(parsed).toEqual([0, 15]);
    await page.close();
  });
});

interface Parser {
  parseFromString(
    text: string,
    type: string,
  ): { querySelectorAll(selector: string): { readonly length: number } };
}
