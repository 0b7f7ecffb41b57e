import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decideAll, invariants, notJudged } from '../../lib/invariants/registry.ts';
import { findingSchema } from '../../lib/model/finding.ts';
import { CORRECT } from './cases.ts';
import { sale } from './notation.ts';

describe('decideAll', () => {
  it('finds that all hold in a correct sale, in the registry’s order', () => {
    const findings = decideAll(sale(CORRECT));
    const beside = notJudged(sale(CORRECT)).map(({ invariant }) => invariant);
    expect(findings.map((finding) => [finding.invariant, finding.value])).toEqual(
      invariants.filter(({ id }) => !beside.includes(id)).map(({ id }) => [id, 'holds']),
    );
  });

  it('decides only what it is asked for', () => {
    const findings = decideAll(sale(CORRECT), ['lost-purchase', 'oversell-final']);
    expect(findings.map(({ invariant }) => invariant)).toEqual(['oversell-final', 'lost-purchase']);
    expect(decideAll(sale(CORRECT), [])).toEqual([]);
  });

  it('does not know an invariant that is not there', () => {
    const [finding] = decideAll(sale(CORRECT), ['no-such-thing']);
    expect(finding).toMatchObject({
      ...{ invariant: 'no-such-thing', value: 'unknown' },
      missing: [expect.stringContaining('oversell-final, oversell-instant')],
    });
  });

  it('asks a claim once whether it is about a sale, each registry for itself', () => {
    const evidence = sale(CORRECT);
    let asked = 0;
    const isBeside = () => {
      asked++;
      return 'It is not.';
    };
    const claim = { id: 'claim', statement: '', isBeside, decide: () => expect.fail() };
    const registry = [claim];
    expect(notJudged(evidence, registry)).toEqual([{ invariant: 'claim', because: 'It is not.' }]);
    expect(decideAll(evidence, undefined, registry)).toEqual([]);
    expect(decideAll(evidence, ['claim'], registry)).toMatchObject([
      { invariant: 'claim', value: 'unknown', missing: ['It is not.'] },
    ]);
    expect(asked).toBe(1);
    const { isBeside: _, ...always } = claim;
    expect(notJudged(evidence, [always])).toEqual([]);
    expect(notJudged(sale(CORRECT), registry)).toHaveLength(1);
    expect(asked).toBe(2);
  });

  it('takes a check that throws for unknown, with the error’s text', () => {
    const broken = {
      id: 'broken',
      statement: '',
      decide: () => {
        throw new RangeError(`out of luck${' again'.repeat(100)}`);
      },
    };
    const [finding] = decideAll(sale(CORRECT), undefined, [broken]);
    expect(findingSchema.parse(finding)).toMatchObject({
      value: 'unknown',
      missing: [expect.stringMatching(/^(?=.{300}$).*RangeError: out of luck/)],
    });
  });

  it('gives the same findings each time', () => {
    expect(decideAll(sale(CORRECT))).toEqual(decideAll(sale(CORRECT)));
  });

  it('keeps to the finding’s limits under hostile names', () => {
    const pool = 'x'.repeat(200);
    const keys = Array.from({ length: 30 }, (_, i) => `${pool.slice(4)}-${i}`);
    const operations = keys.map((key) => `${key} buy(1) ${pool} [0,5] ok`).join('; ');
    const rows = keys.map((key) => `${key}×2 ${pool}`).join(', ');
    for (const finding of decideAll(sale(`${pool} 1; ${operations}; F: ${rows}`))) {
      findingSchema.parse(finding);
    }
  });
});

describe('every invariant', () => {
  const folder = new URL('../../lib/invariants/', import.meta.url);

  it.each(invariants.map(({ id }) => id))('%s has a file that says what it claims', (id) => {
    const source = readFileSync(new URL(`${id}.ts`, folder), 'utf8');
    const said = ['Claims', 'Cannot see', 'Witness'].map((word) => source.indexOf(` * ${word}`));
    expect(said).toEqual([...said].sort((a, b) => a - b));
    expect(said).not.toContain(-1);
  });

  it('is in the registry', () => {
    const files = readdirSync(folder).filter(
      (file) =>
        file.endsWith('.ts') &&
        readFileSync(new URL(file, folder), 'utf8').includes(': Invariant = '),
    );
    expect(files.sort()).toEqual(invariants.map(({ id }) => `${id}.ts`).sort());
  });
});
