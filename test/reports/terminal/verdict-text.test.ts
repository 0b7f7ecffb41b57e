import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutCommands, wrap } from '../../../reports/terminal/lines.ts';
import { verdictText } from '../../../reports/terminal/verdict-text.ts';
import { exampleRun, HOSTILE } from '../example.ts';

const stories = ['pass', 'fail', 'inconclusive', 'empty'] as const;

function textOf(options: {
  story: (typeof stories)[number];
  hostile?: boolean;
  colour?: boolean;
  width?: number;
}) {
  const { story, hostile = false, colour = false, width = 100 } = options;
  const { verdict, runFolder } = exampleRun({ story, hostile, buyers: 1500 });
  return verdictText(verdict, {
    colour,
    width,
    runFolder,
    typedTarget: 'primepass',
    reportPath: `${runFolder}/report/report.html`,
    program: 'bin/loadtest',
  });
}

describe('the verdict on a terminal', () => {
  it('names the failed objective, measured value, interval, limit and next command on the first screen', () => {
    const screen = textOf({ story: 'fail' }).split('\n').slice(0, 24).join('\n');
    expect(screen).toMatch(/^FAIL {2}purchase-burst on primepass/);
    expect(screen).toContain(
      'p99 of purchase ≤ 300 ms: fail\n  measured 1.382 s, interval 1.204 s to 1.551 s, limit ≤ 300 ms',
    );
    expect(screen).toMatch(/violated +oversell-final +512 tickets of 500 were sold/);
    expect(screen).toContain(
      'Next    bin/loadtest explain runs/purchase-burst/2026-11-21T14-30-00Z oversell-final',
    );
  });

  it('says of an unknown invariant what would decide it', () => {
    const { verdict } = exampleRun({ story: 'inconclusive', buyers: 1500 });
    const unknown = verdict.findings.filter((finding) => finding.value === 'unknown');
    expect(unknown.length).toBeGreaterThan(0);
    const text = textOf({ story: 'inconclusive', width: 400 });
    for (const { missing } of unknown) expect(text).toContain(missing[0]);
  });

  it.each(stories)('%s: has a line for each objective, invariant and condition', (story) => {
    const { verdict } = exampleRun({ story, buyers: 1500 });
    const lines = textOf({ story }).split('\n');
    const ids = [
      ...verdict.findings.map(({ invariant }) => invariant),
      ...verdict.validity.map(({ id }) => id),
    ];
    for (const id of [...ids, ...verdict.objectives.map(({ promise }) => promise)]) {
      expect(
        lines.filter((line) => line.startsWith('  ') && line.includes(id)).length,
        id,
      ).toBeGreaterThan(0);
    }
  });

  it('counts the claims that say nothing about the sale in one line, and only then', () => {
    const line = '  2 claims say nothing about this sale; the report lists them.';
    expect(textOf({ story: 'pass' }).split('\n')).toContain(line);
    const { verdict, runFolder } = exampleRun({ story: 'pass', buyers: 10 });
    const all = verdictText(
      { ...verdict, notJudged: [] },
      {
        colour: false,
        width: 80,
        runFolder,
        typedTarget: 'x',
        reportPath: 'r',
        program: 'loadtest',
      },
    );
    expect(all).not.toContain('say nothing');
  });

  it('keeps its columns where a promise is longer than its own', () => {
    const { verdict, runFolder } = exampleRun({ story: 'pass', buyers: 10 });
    const [first, ...others] = verdict.objectives;
    const promise = 'errors other than sold-out, expired, cancelled of all operations ≤ 3 %';
    const text = verdictText(
      { ...verdict, objectives: [{ ...first!, promise }, ...others] },
      {
        colour: false,
        width: 100,
        runFolder,
        typedTarget: 'x',
        reportPath: 'r',
        program: 'loadtest',
      },
    );
    const lines = text.split('\n');
    const long = lines.findIndex((line) => line.includes(promise));
    const next = lines[long + 2]!;
    expect(lines[long + 1]!.search(/\d/)).toBe(next.indexOf('0 %'));
  });

  it('proposes to run again where nothing could be decided', () => {
    expect(textOf({ story: 'empty' })).toContain(
      'Next    bin/loadtest run purchase-burst --target primepass --url http://127.0.0.1:8080 --seed 7',
    );
    expect(textOf({ story: 'empty' })).toContain('Interrupted');
  });

  it.each(stories)('%s: not one escape byte without colour, whatever the target says', (story) => {
    for (const hostile of [false, true]) {
      const text = textOf({ story, hostile }).replaceAll('\n', '');
      expect(text).not.toMatch(/\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}/u);
    }
  });

  it('adds colours only, and only its own', () => {
    const coloured = textOf({ story: 'fail', hostile: true, colour: true });
    expect(coloured).toContain('\u001b[');
    const own = new RegExp(`${'\u001b'}\\[(?:1|22|31|32|33|39)m`, 'g');
    const stripped = coloured.replace(own, '');
    expect(stripped).toBe(textOf({ story: 'fail', hostile: true }));
  });

  it('gives CI no command', () => {
    for (const story of stories) {
      const text = textOf({ story, hostile: true, width: 30 });
      expect(text).not.toMatch(/^\s*::/m);
      expect(text).not.toMatch(/##\[|##vso/);
    }
  });

  it('names the command that checks the certificate of a violation, and only then', () => {
    const command =
      /^Recheck bin\/loadtest recheck runs\/.*\/certificates\/oversell-final\.json --run runs\//m;
    expect(textOf({ story: 'fail' })).toMatch(command);
    expect(textOf({ story: 'pass' })).not.toContain('recheck');
  });

  it('breaks sentences at the width, but no command', () => {
    const lines = textOf({ story: 'fail', width: 60 }).split('\n');
    const sentences = lines.filter((line) => !/^(FAIL|Report|Next|Recheck)/.test(line));
    expect(Math.max(...sentences.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(
      lines.some((line) =>
        line.endsWith('explain runs/purchase-burst/2026-11-21T14-30-00Z oversell-final'),
      ),
    ).toBe(true);
  });

  it('quotes a folder for the shell', () => {
    const { verdict } = exampleRun({ story: 'pass', buyers: 10 });
    const text = verdictText(verdict, {
      colour: false,
      width: 80,
      reportPath: 'r',
      runFolder: "it's $HOME",
      typedTarget: 'primepass',
      program: '/opt/on sale/loadtest',
    });
    expect(text).toContain(`'/opt/on sale/loadtest' judge 'it'\\''s $HOME'`);
  });
});

describe('lines', () => {
  it('keep a number and its unit together', () => {
    const text = 'others took 95 % of 10 ms, 2 min 5 s (at most 3 %) and 4 sales of 5 minutes';
    const lines = wrap(text, { width: 6 });
    const pairs = ['95 %', '10 ms,', '2 min', '5 s', '3 %)'];
    for (const pair of pairs) expect(lines).toContain(pair);
    expect(lines.join(' ')).toBe(text);
    expect(lines).not.toContain('4 sales');
  });

  it('keep every word, in order, within the width unless a word is longer', () => {
    const words = fc.array(fc.stringMatching(/^[a-z:#[]{1,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 20, max: 60 }), (list, width) => {
        const lines = wrap(list.join(' '), { width, first: '    ' });
        expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(list);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it.each(HOSTILE)('hold no command of a CI system: %j', (text) => {
    for (const line of [text, `   ${text}`, `${text}##vso[task]`, '##[group]x']) {
      expect(withoutCommands(line)).not.toMatch(/^\s*::|##\[|##vso/);
    }
  });
});
