import { describe, expect, it } from 'vitest';
import { buyerIdOf, buyerOfKey, buyersOf } from '../../lib/invariants/buyers.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import { keyOf, sale } from './notation.ts';

const whole = sale(
  'A 9; b1 buy A [0,5] ok; b2 buy A [1,6] ok; planned b3; planned b4; b5 buy A [2,7] ok; buyer u1: b1, b3; buyer u2: b2, b4',
);

/** Of five intents the plan has the first so many, and of these the fixture names the buyers of so many. */
function evidenceWith({ planned, named }: { planned: number; named: number }): Evidence {
  return {
    ...whole,
    intents: { ...whole.intents, intents: whole.intents.intents.slice(0, planned) },
    fixture: { ...whole.fixture, buyers: whole.fixture.buyers.slice(0, named) },
  };
}

describe('the buyers of intents', () => {
  it('are by place in the plan, each buyer once', () => {
    const evidence = evidenceWith({ planned: 4, named: 4 });
    const { ids, ofPlace, ofIntent, ofUnsent, unnamed } = buyersOf(evidence);
    expect(ids).toEqual(['u1', 'u2']);
    expect([...ofPlace]).toEqual([0, 1, 0, 1]);
    expect([...ofIntent]).toEqual([0, 1, -1]);
    expect([...ofUnsent]).toEqual([
      [keyOf('b3'), 0],
      [keyOf('b4'), 1],
    ]);
    expect(unnamed).toBe(0);
  });

  it('are unknown where the fixture names too few', () => {
    const evidence = evidenceWith({ planned: 4, named: 1 });
    const { ids, ofIntent, ofUnsent, unnamed } = buyersOf(evidence);
    expect(ids).toEqual(['u1']);
    expect([...ofIntent]).toEqual([0, -1, -1]);
    expect([...ofUnsent]).toEqual([]);
    expect(unnamed).toBe(3);
  });

  it('are no more than the plan has, though the fixture names more', () => {
    const { ids, ofIntent, unnamed } = buyersOf(evidenceWith({ planned: 1, named: 4 }));
    expect(ids).toEqual(['u1', 'u2']);
    expect([...ofIntent]).toEqual([0, -1, -1]);
    expect(unnamed).toBe(0);
  });

  it('are found by the key of an intent that was sent, or never was', () => {
    const evidence = evidenceWith({ planned: 4, named: 3 });
    const found = ['b1', 'b2', 'b3', 'b4', 'b5', 'b9'].map((name) => [
      buyerOfKey(evidence, keyOf(name)),
      buyerIdOf(evidence, keyOf(name)),
    ]);
    const nobody = [-1, undefined];
    expect(found).toEqual([[0, 'u1'], [1, 'u2'], [0, 'u1'], nobody, nobody, nobody]);
  });

  it('have numbers by their ids', () => {
    const { numberOf } = buyersOf(whole);
    expect(['u1', 'u2', 'u3'].map(numberOf)).toEqual([0, 1, -1]);
  });

  it('are worked out once', () => {
    expect(buyersOf(whole)).toBe(buyersOf(whole));
  });
});
