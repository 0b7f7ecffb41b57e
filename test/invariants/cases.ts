import { describe, expect, it } from 'vitest';
import type { Invariant } from '../../lib/invariants/invariant.ts';
import type { Finding } from '../../lib/model/finding.ts';
import { findingSchema } from '../../lib/model/finding.ts';
import { sale } from './notation.ts';

/** A sale in which every invariant holds. */
export const CORRECT =
  'A 2; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A';

/** What says too little for any claim, whatever the shop did. */
const emptyCases = {
  'an empty history': 'A 2; F:',
  'an empty history without a final state': 'A 2',
  'nothing at all, not even a pool': 'F:',
  'all 5xx': 'A 2; b1 buy(1) A [0,5] info; b2 buy(1) A [1,6] info; F:',
  'all time-outs': 'A 2; b1 buy(1) A [0,5] info timeout; b2 buy(1) A [0,5] info timeout; F: b1×1 A',
  'all refused': 'A 0; b1 buy(1) A [0,5] refused; b2 buy(1) A [1,6] refused; F:',
  'no overlap':
    'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [10,15] refused; b3 buy(1) A [20,25] refused; F: b1×1 A',
  'an overlap only with an operation that never happened':
    'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] fail; b3 buy(1) A [20,25] refused; F: b1×1 A',
  'sold one by one, refused together':
    'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [6,9] refused; b3 buy(1) A [7,9] refused; F: b1×1 A',
  'an overlap only with another pool':
    'A 1; B 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [6,9] refused; b3 buy(1) B [3,4] info; F: b1×1 A',
  'no final state': CORRECT.replace(/; F:.*/, ''),
  'an unsettled final state': `${CORRECT}, unsettled`,
  'a read-back that lost a page': `${CORRECT}, partial`,
  'a copy that lags behind an acknowledgement':
    'A 2; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,9] ok; b3 buy(1) A [2,9] refused; F: b1×1 A, lags',
  'a copy that lags behind a part of a purchase':
    'A 3; b1 buy(1) A [0,5] ok; b2 buy(2) A [1,9] ok; b3 buy(1) A [2,9] refused; F: b1×1 A, b2×1 A, lags',
  'a read-back from before the end': `${CORRECT}, read 8`,
  'a read-back with a page read twice': CORRECT.replace('F: b1×1 A', 'F: b1×1 A #1, b1×1 A #1'),
  'an incomplete history': `${CORRECT}; incomplete`,
  'an operation on a pool unknown to the fixture': `${CORRECT}; b9 buy(1) Z [0,5] ok`,
  'a capacity that is not what was left at first': CORRECT.replace('A 2', 'A 2 of 3'),
  'less capacity than was left at first':
    'A 2 of 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok; F: b1×1 A, b2×1 A, left A 0',
  'a purchase from a pool unknown to the fixture, and its row in another':
    'A 1; b1 buy(1) Z [0,5] ok; b2 buy(1) A [1,6] refused; F: b1×1 A',
  'one key for two wishes': `${CORRECT}; b1 buy(2) A [0,5] ok`,
};

export type Cases = Readonly<Record<string, string>>;

export function decided(invariant: Invariant, notation: string): Finding {
  return findingSchema.parse(invariant.decide(sale(notation)));
}

/** What takes the ground from under any claim of a sale whose line ends with its final state. */
function shaken(correct: string): Cases {
  return {
    'its final state unsettled': `${correct}, unsettled`,
    'its read-back cut': `${correct}, partial`,
    'its history incomplete': `${correct}; incomplete`,
    'its final state not read': correct.replace(/; F:.*$/, ''),
  };
}

/** Each case is a sale in one line; those that say too little for any claim are tried as well. */
export function describeInvariant(
  invariant: Invariant,
  cases: { readonly holds: Cases; readonly violated: Cases; readonly unknown: Cases },
  correct = CORRECT,
): void {
  const all = {
    holds: { 'a correct sale': correct, ...cases.holds },
    violated: cases.violated,
    unknown: { ...emptyCases, ...shaken(correct), ...cases.unknown },
  };
  describe(invariant.id, () => {
    for (const [value, notations] of Object.entries(all)) {
      it.each(Object.entries(notations))(`${value}: %s`, (_, notation) => {
        expect(decided(invariant, notation)).toMatchObject({ value, invariant: invariant.id });
      });
    }
  });
}

/** What a finding shows, in a line: intents of operations, ids of rows, pools, figures. */
export function shownIn({ value, witness, ...finding }: Finding): string {
  const { operations = [], rows = [], pools = [], figures = {} } = witness ?? {};
  const shown = [
    ...operations.map(({ intent, kind }) => `b${intent.split('-').at(-1)} ${kind}`),
    ...rows.map(({ id }) => id),
    ...pools.map(({ id }) => `pool ${id}`),
    ...Object.entries(figures).map(([name, figure]) => `${name}=${figure}`),
  ];
  const count = 'count' in finding ? ` ${finding.count}` : '';
  return `${value}${count}: ${shown.join(', ')}`;
}

/** By notation, what the finding shows of it, as {@link shownIn} has it. */
export function describeShown(invariant: Invariant, findings: Cases): void {
  it.each(Object.entries(findings))(`${invariant.id} shows of %s`, (notation, shown) => {
    expect(shownIn(decided(invariant, notation))).toBe(shown);
  });
}

/** By notation, some words of each gap that the finding names, in order, and of no others; none where it holds. */
export function describeGaps(
  invariant: Invariant,
  findings: Readonly<Record<string, readonly string[]>>,
): void {
  it.each(Object.entries(findings))(`${invariant.id} lacks in %s`, (notation, words) => {
    const finding = decided(invariant, notation);
    expect(finding.value).toBe(words.length === 0 ? 'holds' : 'unknown');
    const missing = finding.value === 'unknown' ? finding.missing : [];
    expect(missing).toEqual(words.map((each) => expect.stringContaining(each)));
  });
}
