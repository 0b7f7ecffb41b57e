import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAll } from '../../lib/invariants/registry.ts';
import { findingSchema } from '../../lib/model/finding.ts';
import { hasCorrectExecution } from './oracle.ts';
import { oracleRuns, SEED } from './oracle-runs.ts';
import type { Sizes, SmallSale } from './small-sales.ts';
import { evidenceFrom, smallSale } from './small-sales.ts';

const SALES = oracleRuns(1500);
const TIME_LIMIT_MS = 60_000 + SALES * 10;

const plain: Sizes = {
  operationsMax: 5,
  quantityMax: 3,
  poolsMax: 1,
  retries: false,
  murky: false,
};

function valuesOf(small: SmallSale): Map<string, string> {
  const findings = decideAll(evidenceFrom(small));
  for (const finding of findings) findingSchema.parse(finding);
  return new Map(findings.map(({ invariant, value }) => [invariant, value]));
}

function check(sizes: Sizes, holdsFor: (small: SmallSale) => void): void {
  fc.assert(fc.property(smallSale(sizes), holdsFor), { numRuns: SALES, seed: SEED });
}

describe(`the checks against every execution of a correct shop, seed ${SEED}`, () => {
  it(
    'never accuse a sale that has a correct execution',
    () => {
      for (const sizes of [plain, { ...plain, operationsMax: 4, poolsMax: 2, retries: true }]) {
        check(sizes, (small) => {
          if (!hasCorrectExecution(small)) return;
          expect([...valuesOf(small).values()]).not.toContain('violated');
        });
      }
    },
    TIME_LIMIT_MS,
  );

  it(
    'never let a sale without a correct execution hold',
    () => {
      check(plain, (small) => {
        const values = [...valuesOf(small).values()];
        if (values.every((value) => value === 'holds'))
          expect(hasCorrectExecution(small)).toBe(true);
      });
    },
    TIME_LIMIT_MS,
  );

  it(
    'accuse every sale without a correct execution, but for refusals that holds may excuse',
    () => {
      let incorrect = 0;
      check(plain, (small) => {
        if (hasCorrectExecution(small)) return;
        incorrect++;
        const values = valuesOf(small);
        if ([...values.values()].includes('violated')) return;
        const excusable = small.operations.some(
          ({ outcome, quantity }) => outcome === 'info' || outcome === 'fail' || quantity > 1,
        );
        expect([excusable, values.get('false-sold-out')]).toEqual([true, 'unknown']);
      });
      expect(incorrect).toBeGreaterThan(SALES / 20);
    },
    TIME_LIMIT_MS,
  );
});
