import { describe, expect, it } from 'vitest';
import {
  besideText,
  listText,
  type Story,
  storySvg,
  storyText,
} from '../../bin/flow/explain-story.ts';
import { invariants } from '../../lib/invariants/registry.ts';
import type { Finding } from '../../lib/model/finding.ts';
import { sale } from '../invariants/notation.ts';
import { certified, violationsOf } from '../recheck/certified.ts';
import { violated } from '../recheck/violated.ts';
import { HOSTILE } from '../reports/example.ts';

const plain = { colour: false, width: 80 };

function storyOf(finding: Finding, more: Partial<Story> = {}): Story {
  return {
    finding,
    certificate: null,
    rules: more.certificate?.restsOn.fixture.rules,
    operations: finding.witness?.operations ?? [],
    startedAt: 0,
    statement: 'A claim',
    recheck: 'bin/loadtest recheck x',
    ...more,
  };
}

describe('a violation', () => {
  it.each(Object.entries(violated))('of %s says why nothing else explains it', (id, notations) => {
    const evidence = sale(Object.values(notations)[0]!);
    const [finding] = violationsOf(evidence, [id]);
    const certificate = certified(evidence, finding!);
    const { operations } = certificate;
    const text = storyText(storyOf(finding!, { certificate, operations }), plain);
    const [, reason = ''] = /no innocent explanation\n([\s\S]*?)\n {2}It rests on this/.exec(text)!;
    expect(reason.trim().length).toBeGreaterThan(60);
    expect(text).toContain('Check it yourself\n  bin/loadtest recheck x');
    for (const { id: row } of certificate.rows) expect(text).toContain(`row ${row}: `);
    expect(text.match(/^ {2}│/gm)?.length ?? 0).toBe(operations.length);
    const svg = storySvg(storyOf(finding!, { certificate, operations }));
    expect(svg).toContain(`>${finding!.summary.split(' ', 1)[0]} `);
    for (const { id: row } of certificate.rows) expect(svg).toContain(`>row ${row}: `);
  });

  it('without a certificate says how to get one', () => {
    const [finding] = violationsOf(sale(violated['lost-purchase']!['no row']!), ['lost-purchase']);
    expect(storyText(storyOf(finding!), plain)).toContain('judge the run again');
  });
});

describe('the story of', () => {
  const told = (id: string) => {
    const evidence = sale(Object.values(violated[id]!)[0]!);
    const [finding] = violationsOf(evidence, [id]);
    const certificate = certified(evidence, finding!);
    const { operations } = certificate;
    return storyText(storyOf(finding!, { certificate, operations }), { colour: false, width: 400 });
  };

  it.each(Object.keys(violated))('%s has no figure by its name in the code', (id) => {
    const [, seen = ''] = /What was seen\n([\s\S]*?)\n\nWhy/.exec(told(id))!;
    expect(seen).not.toMatch(/[a-z][A-Z]|Ms\b/);
  });

  it.each(['money-conservation', 'saga-atomicity'])(
    '%s tells of the account and the payments',
    (id) => {
      expect(told(id)).toMatch(/Money\n {2}Account of .*: .* before, .* in the end/);
    },
  );

  it.each(['buyer-limit', 'sale-window', 'leaked-hold', 'paid-after-expiry'])(
    '%s says what the sale had promised',
    (id) => expect(told(id)).toMatch(/What the sale had promised\n {2}\S/),
  );

  it('sale-window tells its moments like all other times, and draws them', () => {
    const early = 'A 1; rule opensAt=100 clockSkewMs=0; b1 buy A [10,20] ok; b2 buy A [110,120] ok';
    const [finding] = violationsOf(sale(early), ['sale-window']);
    const rules = { opensAt: 100 };
    const of = (more: Partial<Story>) =>
      storyText(storyOf(finding!, { rules, ...more }), plain).replaceAll('\u00a0', ' ');
    expect(of({ startedAt: null })).toMatch(/opens 90 ms after the first operation[\s\S]*┃/);
    expect(of({ startedAt: 0 })).toMatch(/opens 100 ms after the load began/);
    expect(of({ startedAt: 300 })).toMatch(/opens 200 ms before the load began/);
    const bare = { startedAt: null, operations: [] };
    expect(of(bare)).toContain('opens at 1970-01-01T00:00:00.100Z');
    const row = {
      id: '7',
      pool: 'A',
      quantity: 1,
      status: 'live' as const,
      intent: null,
      buyer: '',
    };
    const rows = [{ ...row, createdAt: 50 }];
    const made = { ...finding!, witness: { ...finding!.witness!, rows } };
    const story = storyOf(made, { rules, ...bare });
    expect(storyText(story, { ...plain, width: 200 })).toContain('made 1970-01-01T00:00:00.050Z');
    expect(of({ ...bare, rules: { opensAt: 9e15 } })).toContain(
      'opens at 9,000,000,000,000,000 ms',
    );
  });

  it.each(['stale-availability', 'non-monotonic-availability'])('%s shows what was read', (id) => {
    expect(told(id)).toMatch(/· availability of pool .* · -?\d+ left · /);
  });
});

describe('a claim beside the sale', () => {
  const beside = { invariant: 'sale-window', because: 'No opening is promised.' };

  it('says why, and that it decides nothing', () => {
    const text = besideText(beside, { ...plain, statement: 'No sale before the opening' });
    expect(text).toMatch(/^BESIDE {2}sale-window/);
    for (const words of [beside.because, 'No sale before the opening', 'decides nothing'])
      expect(text).toContain(words);
  });

  it('is listed after the findings', () => {
    const text = listText([], [beside], { ...plain, statementOf: (id) => id });
    expect(text).toBe('beside    sale-window  No opening is promised.');
  });
});

it('what is unknown says what was missing', () => {
  const missing = ['Read every page.', 'Let more buyers come.'];
  const text = storyText(
    storyOf({ invariant: 'a', value: 'unknown', summary: 'Too little.', missing, witness: null }),
    plain,
  );
  for (const each of missing) expect(text).toContain(`– ${each}`);
  expect(text).not.toContain('Check it yourself');
});

it('what holds says what that rests on, and shows its witness', () => {
  const evidence = sale(
    'A 2; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A',
  );
  const finding = invariants.find(({ id }) => id === 'lost-purchase')!.decide(evidence);
  const text = storyText(storyOf(finding), plain);
  expect(text).toMatch(/^HOLDS {2}lost-purchase/);
  expect(text).toContain('What it rests on');
  expect(text).toMatch(/^ {2}│█/m);
});

describe('hostile text', () => {
  const dirty = HOSTILE.map(
    (text): Finding => ({
      invariant: text.slice(0, 50) || 'x',
      value: 'unknown',
      summary: text,
      missing: [text],
      witness: null,
    }),
  );

  it('steers neither a terminal nor a CI system', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
    const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
    for (const finding of dirty) {
      const text = storyText(storyOf(finding, { statement: finding.summary }), plain);
      expect(text).not.toMatch(control);
      expect(text).not.toMatch(/^\s*::|##\[|##vso/m);
    }
    expect(listText(dirty, [], { ...plain, statementOf: (id) => id })).not.toMatch(control);
  });
});

it('colours only where it may', () => {
  const finding: Finding = {
    invariant: 'a',
    value: 'unknown',
    summary: '',
    missing: ['b'],
    witness: null,
  };
  expect(storyText(storyOf(finding), { colour: true, width: 80 })).toContain('\u001b[');
  expect(storyText(storyOf(finding), plain)).not.toContain('\u001b');
});

it('a list of nothing says so', () => {
  expect(listText([], [], { ...plain, statementOf: (id) => id })).toBe('No invariant was judged.');
});
