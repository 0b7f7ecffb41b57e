import { describe, expect, it } from 'vitest';
import { decideAll, invariants } from '../../lib/invariants/registry.ts';
import { unreadSaid } from '../../lib/invariants/unread.ts';
import { CORRECT } from './cases.ts';
import { sale } from './notation.ts';

const UNREAD = CORRECT.replace(
  /; F:.*/,
  '; b4 view A [1,2] ok; b5 buy A [1,3] info; b6 buy A [1,3] fail',
);
const told = (text: string) => {
  const evidence = sale(text);
  return decideAll(evidence).map((said) => {
    const { decide } = invariants.find(({ id }) => id === said.invariant)!;
    return { finding: decide(evidence), said };
  });
};

describe('without a final state', () => {
  it('nobody is told of orders or losses that nobody looked for', () => {
    const changed = told(UNREAD).filter(({ finding, said }) => said.summary !== finding.summary);
    expect(changed.map(({ said }) => said.invariant)).toEqual([
      ...['oversell-final', 'lost-purchase', 'phantom-order', 'refused-but-sold'],
      ...['partial-purchase', 'duplicate-effect', 'stock-conservation'],
    ]);
    for (const { finding, said } of changed) {
      expect(said.summary).toBe(
        'Requests for tickets: 2 acknowledged, 1 refused; nothing was read back to compare them with.',
      );
      const { summary: _, witness, ...rest } = finding;
      expect(said).toMatchObject({ ...rest, witness: { ...witness, figures: {} } });
    }
  });

  it('what is violated all the same keeps its words', () => {
    const all = told('A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok');
    const { finding, said } = all.find((each) => each.finding.invariant === 'oversell-final')!;
    expect(finding.value).toBe('violated');
    expect(said).toEqual(finding);
  });
});

it('a finding that shows nothing keeps its words', () => {
  const summary = 'The check failed.';
  const bare = {
    ...{ invariant: 'lost-purchase', value: 'unknown' as const, summary, missing: ['All.'] },
    witness: null,
  };
  expect(unreadSaid(bare, sale(UNREAD))).toBe(bare);
});

it('with a final state, settled or not, every finding keeps its words', () => {
  for (const text of [CORRECT, `${CORRECT}, unsettled`])
    for (const { finding, said } of told(text)) expect(said).toEqual(finding);
});
