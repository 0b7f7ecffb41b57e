import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageFailure } from '../../lib/model/failure.ts';
import { loadSla } from '../../lib/sla/load.ts';

const known = { invariants: ['oversell-final', 'lost-purchase'] };

const load = (text: string) => loadSla(text, 'my.yaml', known);

/** The message of the failure that the text must cause. */
function complaint(text: string): string {
  try {
    load(text);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageFailure);
    return (error as UsageFailure).message;
  }
  throw new Error('the text was accepted');
}

/** A file that is right but for the objectives given, from line 3 on. */
const withObjectives = (...lines: string[]) =>
  ['apiVersion: onsale/v1', 'objectives:', ...lines.map((line) => `  - ${line}`)].join('\n');

describe('a good file', () => {
  it('is read with its units and defaults', () => {
    const sla = load(
      withObjectives(
        '{id: a, kind: latency, operation: purchase, quantile: 0.99, lte: 300ms}',
        '{id: b, kind: errorRatio, lte: 0.1%, expected: [sold-out], sliding: 2min}',
        '{id: c, kind: goodput, gte: 600/min, within: 1.5s, window: {to: 10s}}',
        '{id: d, kind: availability, slice: 1 s, gte: 99.9%}',
        '{id: e, kind: invariants, only: [lost-purchase]}',
        '{id: f, kind: errorRatio, lte: 0.25}',
      ),
    );
    expect(sla.confidence).toBe(0.95);
    expect(sla.validity).toEqual({
      maxDroppedRatio: 0.001,
      lateAfter: 1000,
      maxAchievedDeficitRatio: 0.01,
      maxGeneratorCpuRatio: 0.8,
      maxStealRatio: 0.1,
    });
    expect(sla.objectives).toMatchObject([
      { lte: 300, outcomes: 'answered' },
      { lte: 0.001, sliding: 120_000 },
      { gte: 10, within: 1500, window: { from: 0, to: 10_000 } },
      { slice: 1000, gte: 0.999 },
      { only: ['lost-purchase'] },
      { lte: 0.25 },
    ]);
  });

  it('reads percentages as the decimals people mean', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (thousandths) => {
        const text = withObjectives(`{id: a, kind: errorRatio, lte: ${thousandths / 1000}%}`);
        expect(load(text).objectives[0]).toMatchObject({ lte: thousandths / 100_000 });
      }),
    );
  });

  it('is the one checked in', async () => {
    const path = new URL('../../thresholds/purchase-burst.yaml', import.meta.url).pathname;
    const { objectives } = loadSla(await readFile(path, 'utf8'), path, known);
    expect(objectives.map(({ kind }) => kind)).toEqual([
      'latency',
      'latency',
      'latency',
      'errorRatio',
      'goodput',
      'timeToSoldOut',
      'availability',
      'invariants',
    ]);
  });
});

describe('one mistake is named with its place, what may stand there and what came', () => {
  it.each([
    ['', 'my.yaml:1:1', 'got an empty file'],
    ['# nothing\n', 'my.yaml:1:1', 'got an empty file'],
    ['- a\n- b\n', 'expected a map with apiVersion and objectives', 'got a list of 2'],
    ['just words', 'my.yaml:1:1', 'got "just words"'],
    ['a: [1,\nb: 2', 'my.yaml:2:1', 'expected well-formed YAML'],
    ['a: 1\nb: 2\na: 3', 'my.yaml:3:1', 'expected every key once'],
    ['apiVersion: onsale/v1\n---\nb: 1', 'my.yaml:2:1', 'expected one document'],
    ['a: 1\n__proto__: {polluted: 1}', 'my.yaml:2:1', 'got "__proto__"'],
    ['a: 1\nb: {<<: {c: 1}}', 'my.yaml:2:5', 'got "<<"'],
    ['%YAML 1.1\n---\nb:\n  <<: {c: 1}', 'my.yaml:4:3', 'got "<<"'],
    ['a: 1\nb: !!js/function x', 'my.yaml:2:4', 'expected plain data without tags'],
    ['? [a]\n: 1', 'my.yaml:1:3', 'expected keys that are text'],
    [withObjectives('7'), 'my.yaml:3:5 at objectives[0]', 'expected a map, got the number 7'],
    [
      withObjectives('{id: a, kind: latency, quantile: 1.5, lte: 1s}'),
      'my.yaml:3:38 at objectives[0].quantile',
      'expected a number < 1, got the number 1.5',
    ],
    [
      withObjectives('{id: a, kind: latency, quantile: 0.5, lte: 300}'),
      'my.yaml:3:48 at objectives[0].lte',
      'expected a duration such as 300ms, 50s or 2min, got the number 300',
    ],
    [
      withObjectives('{id: a, kind: latency, quantile: 0.5, lte: 5 minutes}'),
      'objectives[0].lte',
      'expected a duration such as 300ms, 50s or 2min, got "5 minutes"',
    ],
    [
      withObjectives('{id: a, kind: latency, quantile: 0.5, lte: 0ms}'),
      'objectives[0].lte',
      'expected a duration above 0',
    ],
    [
      withObjectives('{id: a, kind: latency, quantile: 0.5}'),
      'my.yaml:3:5 at objectives[0].lte',
      'got nothing',
    ],
    [
      withObjectives('{id: a, kind: goodput, gte: 400/h}'),
      'objectives[0].gte',
      'expected a rate such as 400/s or 500/min, got "400/h"',
    ],
    [
      withObjectives('{id: a, kind: errorRatio, lte: 150%}'),
      'objectives[0].lte',
      'expected a ratio of at most 100%, got "150%"',
    ],
    [
      withObjectives('{id: a, kind: errorRatio, lte: lots}'),
      'objectives[0].lte',
      'expected a ratio: a percentage such as 0.1%, or a number from 0 to 1, got "lots"',
    ],
    [
      withObjectives('{id: a, kind: errorRatio, lte: [1]}'),
      'objectives[0].lte',
      'expected a ratio: a percentage such as 0.1%, or a number from 0 to 1, got a list of 1',
    ],
    [
      withObjectives('{id: a, kind: errorRatio, lte: 1.5}'),
      'objectives[0].lte',
      'expected a ratio: a percentage such as 0.1%, or a number from 0 to 1, got the number 1.5',
    ],
    [
      withObjectives('{id: a, kind: latncy, quantile: 0.5, lte: 1s}'),
      'my.yaml:3:19 at objectives[0].kind',
      'Did you mean "latency"?',
    ],
    [
      withObjectives('{id: a, lte: 1s}'),
      'at objectives[0].kind',
      'expected one of latency, errorRatio, goodput, timeToSoldOut, longest, resource, availability, invariants, got nothing',
    ],
    [
      withObjectives('{id: a, kind: latency, quantile: 0.5, lte: 1s, operaton: purchase}'),
      'my.yaml:3:52 at objectives[0].operaton',
      'Did you mean "operation"?',
    ],
    [
      withObjectives('{id: a, kind: latency, quantile: 0.5, lte: 1s, operation: purchse}'),
      'my.yaml:3:63 at objectives[0].operation',
      'Did you mean "purchase"?',
    ],
    [
      withObjectives('{id: a, kind: errorRatio, lte: 1%, window: {form: 1s}}'),
      'at objectives[0].window.form',
      'Did you mean "from"?',
    ],
    [
      withObjectives('{id: a, kind: errorRatio, lte: 1%, window: {from: 9s, to: 3s}}'),
      'at objectives[0].window.to',
      'expected an end that is later than the beginning, got "3s"',
    ],
    [
      withObjectives('{id: a, kind: availability, gte: 90%, slice: 0s}'),
      'at objectives[0].slice',
      'expected a duration of at least 10ms',
    ],
    [
      withObjectives('{id: a, kind: invariants, only: [lost-purchase, oversel-final]}'),
      'my.yaml:3:53 at objectives[0].only[1]',
      'Did you mean "oversell-final"?',
    ],
    [
      withObjectives('{id: a, kind: invariants}', '{id: a, kind: invariants}'),
      'my.yaml:4:10 at objectives[1].id',
      'expected an id that no objective above has, got "a"',
    ],
    [
      withObjectives('{id: Für Elise, kind: invariants}'),
      'at objectives[0].id',
      'expected lower-case letters, digits and dashes',
    ],
    ['apiVersion: onsale/v1\nobjectives: []', 'my.yaml:2:13', 'expected a list with ≥ 1 entries'],
    [
      `apiVersion: onsale/v2\n${withObjectives('{id: a, kind: invariants}').slice(22)}`,
      'my.yaml:1:13',
      'expected onsale/v1',
    ],
    [
      `${withObjectives('{id: a, kind: invariants}')}\nvalidty: {}`,
      'my.yaml:4:1',
      'Did you mean "validity"?',
    ],
    [
      `${withObjectives('{id: a, kind: invariants}')}\nconfidence: 95`,
      'my.yaml:4:13',
      'expected a number ≤ 0.9999',
    ],
    [
      `${withObjectives('{id: a, kind: invariants}')}\nvalidity: {maxCpu: 1%}`,
      'at validity.maxCpu',
      'expected one of the keys maxDroppedRatio',
    ],
  ])('%j', (text, where, what) => {
    const message = complaint(text);
    expect(message).toContain(where);
    expect(message).toContain(what);
  });

  it.each([
    ['brackets', '['.repeat(100_000)],
    ['maps', '{a: '.repeat(100_000)],
    ['closed brackets', `a: ${'['.repeat(3000)}${']'.repeat(3000)}`],
    ['indentation', Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('nesting without end, by %s', (_, text) => {
    expect(complaint(text).length).toBeLessThan(500);
  });

  it('an alias bomb is refused, not unfolded', () => {
    const lines = ['a0: &a0 [x, x]'];
    for (let i = 1; i < 40; i++) lines.push(`a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`);
    expect(complaint(lines.join('\n'))).toContain('my.yaml:2:10: expected values written out');
  });

  it('an unknown alias is one too', () => {
    expect(complaint('a: *nobody')).toContain('my.yaml:1:4');
  });

  it('nothing in the file gets to the terminal as it is', () => {
    const message = complaint(
      withObjectives('{id: "\\e]0;x\\a\\u009b", kind: invariants, "\\e[2J": 1}'),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('several mistakes', () => {
  it('come in one message, by line', () => {
    const message = complaint(
      [
        'apiVersion: onsale/v3',
        'confidnce: 0.9',
        'objectives:',
        '  - {id: a, kind: latency, quantile: 2, lte: 1h}',
      ].join('\n'),
    );
    expect(message).toContain('got 4 mistakes:');
    const places = [...message.matchAll(/my\.yaml:(\d+):(\d+)/g)].map(([place]) => place);
    expect(places).toEqual(['my.yaml:1:13', 'my.yaml:2:1', 'my.yaml:4:38', 'my.yaml:4:46']);
  });

  it('are not listed without end', () => {
    const message = complaint(
      withObjectives(...Array.from({ length: 500 }, (_, i) => `{id: a${i}, kind: nothing}`)),
    );
    expect(message).toContain('and 480 more');
  });

  it('any text is either read or a usage failure', () => {
    const key = fc.constantFrom(
      'apiVersion',
      'objectives',
      'id',
      'kind',
      '<<',
      '__proto__',
      '- ',
      '{',
      '&a',
      '*a',
      '!x',
      '? ',
      ':',
      '\n',
      '  ',
      '0.5',
      'latency',
      'only',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(key).map((parts) => parts.join('')),
        ),
        (text) => {
          complaint(text);
        },
      ),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
