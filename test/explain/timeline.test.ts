import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { Operation, Outcome } from '../../lib/model/operation.ts';
import { timelineOf } from '../../reports/timeline/lanes.ts';
import { type SvgPage, timelineSvg } from '../../reports/timeline/svg.ts';
import { timelineText } from '../../reports/timeline/terminal.ts';
import { operation } from '../invariants/notation.ts';
import { HOSTILE } from '../reports/example.ts';

function from(start: number, end: number, outcome: Outcome, intent = `b${start}`): Operation {
  return operation({ intent, pool: 'A', quantity: 1, start, end, outcome });
}

const three = [from(0, 50, 'ok'), from(50, 100, 'refused'), from(25, 75, 'info')];
const hostile = HOSTILE.map((text, i) => ({
  ...from(i, i + 5, 'fail', text.slice(0, 200) || 'x'),
  pool: text.slice(0, 200) || 'x',
  reason: text.slice(0, 60),
  reply: text.slice(0, 300),
}));

describe('lanes', () => {
  it('lie in proportion on one axis, with room after the last end', () => {
    const { lanes, first } = timelineOf(three, 0);
    expect(lanes.map(({ from, to }) => [from * 1.06, to * 1.06])).toEqual([
      [0, 0.5],
      [0.5, 1],
      [0.25, 0.75],
    ]);
    expect(lanes.map(({ isOpen }) => isOpen)).toEqual([false, false, true]);
    expect(first).toBe('0 ms');
  });

  it('count from the opening of the sale, else from the first operation', () => {
    expect(timelineOf([from(1500, 1600, 'ok')], 1000).lanes[0]).toMatchObject({ begins: '500 ms' });
    expect(timelineOf([from(1500, 1600, 'ok')], null).lanes[0]).toMatchObject({ begins: '0 ms' });
  });

  it('an operation that took no time has a place too', () => {
    expect(timelineOf([from(5, 5, 'ok')], null).lanes[0]).toMatchObject({ from: 0, to: 0 });
  });
});

describe('a mark', () => {
  const marks = [
    { name: 'the sale opens', at: 120 },
    { name: 'the sale closes', at: 60_000 },
  ];
  const page = { startedAt: null, width: 57, marks };

  it('widens the axis to where it lies, unless the operations would shrink to nothing', () => {
    const { lanes, marks: drawn, last } = timelineOf(three, null, marks);
    expect(drawn).toEqual([{ place: 120 / 127.2, words: 'the sale opens: 120 ms' }]);
    expect(lanes[1]!.to).toBeCloseTo(100 / 127.2);
    expect(last).toBe('127.2 ms');
    const near = (at: number) => timelineOf(three, 0, [{ name: 'x', at }]).marks.length;
    expect([-901, -900, 1000, 1001].map(near)).toEqual([0, 1, 1, 0]);
  });

  it('before the first operation shifts it, not the times', () => {
    const early = timelineOf(three, null, [{ name: 'the sale closed', at: -6 }]);
    expect(early).toMatchObject({ first: '−6 ms', marks: [{ place: 0 }] });
    expect(early.lanes[0]).toMatchObject({ from: 6 / 112.36, begins: '0 ms' });
  });

  it('stands upright beside all bars, with its words', () => {
    const lines = timelineText(three, page);
    const bars = lines.filter((line) => line.startsWith('  │'));
    expect(bars.map((line) => line.indexOf('┃'))).toEqual([53, 53, 53]);
    expect(lines).toContain(`   ${'the sale opens: 120 ms '.padStart(50)}┃`);
  });

  it('hides no part of a bar', () => {
    const within = timelineText([from(0, 100, 'ok')], { ...page, marks: [{ name: 'x', at: 50 }] });
    expect(within.find((line) => line.startsWith('  │'))).not.toContain('┃');
    expect(within).toContain(`   ${' '.repeat(25)}┃ x: 50 ms`);
  });

  it.each([-900, -50, 10, 50, 90, 1000])('at %i keeps to 40 columns', (at) => {
    const name = 'a name without room';
    const lines = timelineText(three, { startedAt: 0, width: 40, marks: [{ name, at }] });
    expect(lines.filter((line) => line.length > 40)).toEqual([]);
    expect(lines.join()).toContain(name);
  });

  it('is drawn beside each bar and at its foot, inside of the page', () => {
    const svg = timelineSvg(three, { startedAt: null, title: 'x', summary: 'y', marks });
    expect(XMLValidator.validate(svg)).toBe(true);
    const lines = [...svg.matchAll(/class="mark" x1="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(new Set(lines)).toEqual(new Set([24 + (120 / 127.2) * 852]));
    expect(lines).toHaveLength(three.length + 1);
    expect(svg).toContain('>the sale opens: 120\u00a0ms</text>');
    const plain = timelineSvg(three, { startedAt: null, title: 'x', summary: 'y' });
    const heightOf = (text: string) => Number(/height="(\d+)"/.exec(text)![1]);
    expect(heightOf(svg) - heightOf(plain)).toBe(24);
  });
});

describe('on the terminal', () => {
  it('shows what overlapped, and what stays open', () => {
    const lines = timelineText(three, { startedAt: 0, width: 57 });
    expect(lines.filter((line) => line.startsWith('  │'))).toEqual([
      `  │${'█'.repeat(25)}${' '.repeat(28)}│`,
      `  │${' '.repeat(25)}${'░'.repeat(25)}${' '.repeat(3)}│`,
      `  │${' '.repeat(12)}${'▓'.repeat(25)}${'·'.repeat(16)}│`,
    ]);
    expect(lines.at(-1)).toBe('   █ ok   ░ refused   ▓ info');
  });

  it.each([1, 40, 80, 1000])('keeps to its columns at a width of %i', (width) => {
    const bars = timelineText(three, { startedAt: 0, width }).filter((line) => /^ {2}│/.test(line));
    expect(new Set(bars.map((line) => line.length)).size).toBe(1);
  });

  it('has no escape in it, whatever a target says', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
    const control = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
    for (const line of timelineText(hostile, { startedAt: null, width: 80 })) {
      expect(line).not.toMatch(control);
    }
  });

  it('is nothing without operations', () => {
    expect(timelineText([], { startedAt: 0, width: 80 })).toEqual([]);
  });
});

describe('what was asked and told', () => {
  const rich: Operation = {
    ...from(100, 150, 'ok'),
    kind: 'hold',
    quantity: 2,
    seat: 'A37',
    order: '17',
    expiresAt: 2100,
  };
  const read: Operation = {
    ...from(160, 170, 'ok'),
    kind: 'availability',
    value: -3,
    mayLag: true,
  };
  const paid: Operation = { ...from(180, 190, 'ok'), kind: 'pay', amount: 2000 };
  const back: Operation = { ...from(200, 210, 'ok'), kind: 'cancel', amount: 500 };
  const looked: Operation = { ...from(220, 230, 'ok'), kind: 'status', state: 'cancelled' };
  const all = [rich, read, paid, back, looked];
  const words = [
    ['hold 2 × pool A, seat A37', 'order 17', 'expires at 2.1 s'],
    ['availability of pool A', '-3 left', 'may lag behind'],
    ['pay 1 × pool A', 'charges 2,000'],
    ['cancel 1 × pool A', 'gives back 500'],
    ['status of pool A', 'state cancelled'],
  ];

  it('stands in lanes, on the terminal and in the drawing', () => {
    expect(timelineOf(all, 0).lanes.map(({ asked, told }) => [asked, ...told])).toEqual(words);
    const text = timelineText(all, { startedAt: 0, width: 120 }).join('\n').replace(/\n +/g, ' ');
    const svg = timelineSvg(all, { startedAt: 0, title: 'x', summary: 'y' }).replaceAll(
      '\u00a0',
      ' ',
    );
    for (const part of words.flat()) {
      expect(text).toContain(part);
      expect(svg).toContain(part);
    }
  });

  it('is broken at the width', () => {
    const lines = timelineText([{ ...rich, reason: 'a b' }], { startedAt: 0, width: 60 });
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe('as SVG', () => {
  const drawn = (operations: readonly Operation[], more: Partial<SvgPage> = {}) =>
    timelineSvg(operations, { startedAt: 0, title: 'A title', summary: 'A summary', ...more });

  it('is well-formed, with a bar an operation, and needs nothing from elsewhere', () => {
    const svg = drawn(three);
    expect(XMLValidator.validate(svg)).toBe(true);
    const { svg: root } = new XMLParser({ ignoreAttributes: false }).parse(svg);
    expect(root.rect).toHaveLength(1 + three.length);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|url\(|@import|href|<script/,
    );
  });

  it('has colours for light and dark', () => {
    expect(drawn(three)).toContain('@media (prefers-color-scheme:dark)');
  });

  it('escapes all that a target says', () => {
    const text = HOSTILE.join(' ');
    const svg = drawn(hostile, {
      ...{ title: text, summary: text },
      sections: [{ title: text, texts: HOSTILE }],
    });
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).not.toMatch(/<(script|img|iframe|a)\b/i);
  });

  it('can stand alone: it says what was seen, and what belongs to it', () => {
    const words = 'word '.repeat(60).trim();
    const sections = [
      { title: 'Rows', texts: [words, 'row 2'] },
      { title: 'Nothing', texts: [] },
    ];
    const svg = drawn(three, { summary: `Seen: ${words}`, sections });
    const lines = [...svg.matchAll(/<text class="(plain|heading)"[^>]* y="(\d+)">([^<]*)</g)];
    expect(svg).not.toContain('Nothing');
    expect(lines.map(([, , , text]) => text).join(' ')).toBe(`Seen: ${words} Rows ${words} row 2`);
    const height = Number(/height="(\d+)"/.exec(svg)![1]);
    const tops = lines.map(([, , y]) => Number(y));
    expect(Math.max(...tops)).toBeLessThan(height);
    expect(new Set(tops).size).toBe(lines.length);
  });

  it('lets no word run out of the picture', () => {
    expect(drawn([], { summary: 'x'.repeat(500) })).toMatch(/>x{104}…</);
  });

  it('says that there is nothing', () => {
    expect(drawn([])).toContain('No operation is part of it.');
    expect(XMLValidator.validate(drawn([]))).toBe(true);
  });
});
