import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BYTES_MAX, cutToBytes } from '../../../reports/markdown/cut.ts';
import { markdownCode, markdownText } from '../../../reports/markdown/escape.ts';
import { markdown } from '../../../reports/markdown/markdown.ts';
import type { ReportInput } from '../../../reports/report.ts';
import { visible } from '../../../reports/text.ts';
import { exampleRun, HOSTILE } from '../example.ts';

async function summaryOf(input: ReportInput): Promise<string> {
  const [file] = await markdown.render(input);
  expect(file!.name).toBe('summary.md');
  return file!.content as string;
}

/** Entities decoded as any renderer would. */
function decoded(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

/** Only tags that this program writes. */
const OWN_TAGS = /<\/?code>/g;

it('lists what says nothing about the sale in one line, with reasons', async () => {
  const input = exampleRun({ story: 'pass' });
  const lines = decoded(await summaryOf(input)).split('\n');
  expect(lines).toContain(
    '2 claims say nothing about this sale: double-allocation (The pools have no seats), ' +
      'sale-window (The sale has no opening and no closing).',
  );
  const none = { ...input, verdict: { ...input.verdict, notJudged: [] } };
  expect(await summaryOf(none)).not.toContain('say nothing');
});

describe('text in Markdown', () => {
  const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom(...HOSTILE));

  it('has no sign left that Markdown, GitHub or CI takes for more than text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const raw = markdownText(text).replace(/&#\d+;/g, '');
        expect(raw).not.toMatch(/[<>&`*_~|[\](){}!@#\\"'=+^$]|::|:\/|^\s*-|\p{Cc}/u);
        expect(raw).not.toMatch(/www\.|\S\.[a-z]/i);
      }),
      { numRuns: 2000 },
    );
  });

  it('says the same once it is decoded', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(decoded(markdownText(text)).replaceAll('\u200b', '')).toBe(visible(text));
      }),
    );
  });

  it('breaks mentions and references even in the finished text', () => {
    expect(decoded(markdownText('@team #12'))).toBe('@\u200bteam #\u200b12');
    expect(decoded(markdownCode('@team'))).toBe('<code>@\u200bteam</code>');
  });

  it('leaves words, figures and hyphens as people read them', () => {
    const plain = 'oversell-final: 512 of 500 tickets, 1.5 s, p99 ≤ 300 ms.';
    expect(markdownText(plain)).toBe(plain);
  });
});

describe('summary.md', () => {
  it('names result, failed objective, measured value, interval, limit and next command', async () => {
    const text = decoded(await summaryOf(exampleRun({ story: 'fail' })));
    expect(text).toMatch(/^## Onsale: fail\n/);
    expect(text).toContain(
      '| **fail** | p99 of purchase ≤ 300 ms | 1.382 s | 1.204 s to 1.551 s | ≤ 300 ms |',
    );
    expect(text).toContain('| **violated** | oversell-final | 512 tickets of 500 were sold');
    expect(text).toContain(
      'bin/loadtest explain runs/purchase-burst/2026-11-21T14-30-00Z oversell-final</code>',
    );
    expect(text).toContain('/report/report.html</code>');
  });

  it('carries no markup, mention, command or escape of the target', async () => {
    const text = await summaryOf(exampleRun({ story: 'fail', hostile: true }));
    expect(text.replace(OWN_TAGS, '')).not.toMatch(/[<>`@]/);
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toContain('##[');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text).not.toMatch(/https?:\/\//);
  });

  it('keeps every table row in its columns under hostile text', async () => {
    const lines = (await summaryOf(exampleRun({ story: 'fail', hostile: true }))).split('\n');
    const rows = lines.filter((line) => line.startsWith('|'));
    const columns = rows.map((row) => row.split('|').length - 2);
    expect(new Set(columns)).toEqual(new Set([5, 3]));
  });

  it('is cut, with the way to the whole, before a million bytes', async () => {
    const input = exampleRun({ story: 'fail' });
    const [objective] = input.verdict.objectives;
    const objectives = Array.from({ length: 20_000 }, (_, i) => ({
      ...objective!,
      id: `o-${i}`,
      promise: '🎫'.repeat(100),
    }));
    const text = await summaryOf({ ...input, verdict: { ...input.verdict, objectives } });
    expect(Buffer.byteLength(text)).toBeLessThan(BYTES_MAX);
    expect(Buffer.byteLength(text)).toBeGreaterThan(BYTES_MAX / 2);
    expect(text).toMatch(/\*\*Cut here\.\*\* The whole report is <code>[^<]*<\/code>\.\n$/);
  });
});

describe('cutting', () => {
  it('keeps whole lines from the start, fewer bytes than allowed, and the tail only if cut', () => {
    const lines = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 20 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 20, max: 300 }), (list, bytesMax) => {
        const clean = list.map((line) => line.replaceAll('\n', ''));
        const whole = `${clean.join('\n')}\n`;
        const cut = cutToBytes(clean, 'TAIL', bytesMax);
        expect(Buffer.byteLength(cut)).toBeLessThan(bytesMax);
        if (Buffer.byteLength(whole) < bytesMax) expect(cut).toBe(whole);
        else expect(whole.startsWith(cut.slice(0, -'\nTAIL\n'.length))).toBe(true);
      }),
    );
  });
});
