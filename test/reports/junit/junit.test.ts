import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { junit } from '../../../reports/junit/junit.ts';
import { xmlText } from '../../../reports/junit/xml.ts';
import type { ReportInput } from '../../../reports/report.ts';
import { exampleRun, HOSTILE } from '../example.ts';

interface ParsedCase {
  readonly classname: string;
  readonly name: string;
  readonly failure?: { readonly message: string };
  readonly error?: { readonly message: string };
  readonly skipped?: { readonly message: string };
}

async function xmlOf(input: ReportInput): Promise<string> {
  const [file] = await junit.render(input);
  expect(file!.name).toBe('junit.xml');
  return file!.content as string;
}

/** XML 1.0, production 2: the only characters a document may hold, references included. */
const NOT_XML = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function casesOf(xml: string): ParsedCase[] {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testcase',
  });
  return parser.parse(xml).testsuites.testsuite.testcase;
}

const ending = ({ failure, error, skipped }: ParsedCase) =>
  failure ? 'failure' : error ? 'error' : skipped === undefined ? 'passed' : 'skipped';

describe('junit.xml', () => {
  it('has one case for the verdict, and for each objective, invariant and condition', async () => {
    const input = exampleRun({ story: 'fail' });
    const cases = casesOf(await xmlOf(input));
    expect(cases.map((one) => [one.name, ending(one)])).toEqual([
      ['verdict', 'failure'],
      ['purchase-p99: p99 of purchase ≤ 300 ms', 'failure'],
      ['errors: errors ≤ 0.1 %', 'failure'],
      ['goodput: at least 50 purchases/s', 'passed'],
      ['correct: all invariants hold', 'failure'],
      ['oversell-final: Never more sold than there is.', 'failure'],
      ['lost-purchase: An acknowledged purchase exists.', 'failure'],
      ['phantom-order: An order has a buyer.', 'error'],
      ['partial-purchase: All the tickets asked for, or none.', 'passed'],
      ['stock-conservation: What was there, less what remains, is what was sold.', 'error'],
      ['double-allocation', 'skipped'],
      ['sale-window', 'skipped'],
      ['dropped-arrivals', 'passed'],
      ['achieved-rate', 'passed'],
      ['generator-cpu', 'passed'],
    ]);
    expect(cases[1]!.failure!.message).toContain(
      'measured 1.382 s, interval 1.204 s to 1.551 s, limit ≤ 300 ms',
    );
  });

  it('shows an inconclusive verdict as not passed, and load that never came as an error', async () => {
    const cases = casesOf(await xmlOf(exampleRun({ story: 'inconclusive' })));
    const of = (name: string) => ending(cases.find((one) => one.name.startsWith(name))!);
    expect(of('verdict')).toBe('error');
    expect(of('purchase-p99')).toBe('error');
    expect(of('achieved-rate')).toBe('error');
  });

  it('has nothing red once the verdict is a pass', async () => {
    const cases = casesOf(await xmlOf(exampleRun({ story: 'pass' })));
    expect(new Set(cases.map(ending))).toEqual(new Set(['passed', 'skipped']));
  });

  it('counts what it holds', async () => {
    const xml = await xmlOf(exampleRun({ story: 'fail' }));
    const cases = casesOf(xml);
    const count = (what: string) => cases.filter((one) => ending(one) === what).length;
    expect(xml).toContain(
      `tests="15" failures="${count('failure')}" errors="${count('error')}" skipped="2"`,
    );
  });

  it('skips what says nothing about the sale, and says why, whatever the verdict', async () => {
    for (const story of ['pass', 'fail'] as const) {
      const cases = casesOf(await xmlOf(exampleRun({ story })));
      const seats = cases.find(({ name }) => name.startsWith('double-allocation'))!;
      expect(JSON.stringify(seats.skipped)).toContain('The pools have no seats.');
    }
  });

  it('is XML under hostile text, and the same cases', async () => {
    const xml = await xmlOf(exampleRun({ story: 'fail', hostile: true }));
    expect(xml).not.toMatch(NOT_XML);
    expect(xml).not.toContain(']]>');
    expect(casesOf(xml)).toHaveLength(15);
  });
});

describe('text in XML', () => {
  it('holds only characters that XML has, and comes back as it was shown', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
      fc.constantFrom(...HOSTILE),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const escaped = xmlText(text);
        expect(escaped).not.toMatch(NOT_XML);
        expect(escaped).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|apos);)/);
        expect(XMLValidator.validate(`<a b="${escaped}">${escaped}</a>`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
