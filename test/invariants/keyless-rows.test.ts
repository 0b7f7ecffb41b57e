import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lostPurchase } from '../../lib/invariants/lost-purchase.ts';
import { phantomOrder } from '../../lib/invariants/phantom-order.ts';
import { refusedButSold } from '../../lib/invariants/refused-but-sold.ts';
import { decideAll } from '../../lib/invariants/registry.ts';
import { hasLoss, hasPhantom, hasRefusedOwner, hasRefusedSale } from './keyless-oracle.ts';
import { oracleRuns, SEED } from './oracle-runs.ts';
import { evidenceOf, type Keyless, keyless, type Shape } from './small-keyless.ts';

const SALES = oracleRuns(1500);
const TIME_LIMIT_MS = 60_000 + SALES * 10;
const plain: Shape = { quantityMax: 2, murky: false };
const murky: Shape = { quantityMax: 2, murky: true };
const three = [lostPurchase, phantomOrder, refusedButSold];

function check(shape: Shape, holdsFor: (small: Keyless) => void): void {
  fc.assert(fc.property(keyless(shape), holdsFor), { numRuns: SALES, seed: SEED });
}

const accusers = (small: Keyless): string[] =>
  three.filter((each) => each.decide(evidenceOf(small)).value === 'violated').map(({ id }) => id);

describe(`rows without keys against every way to give them out, seed ${SEED}`, () => {
  it(
    'are too few, or too many, if and only if no way gives them out right',
    () => {
      const seen = new Map<string, number>();
      check(plain, (small) => {
        const expected = [
          ...(hasLoss(small) ? ['lost-purchase'] : []),
          ...(small.exclusive && hasPhantom(small) ? ['phantom-order'] : []),
          ...((small.exclusive ? hasRefusedSale(small) : hasRefusedOwner(small))
            ? ['refused-but-sold']
            : []),
        ];
        for (const id of expected) seen.set(id, (seen.get(id) ?? 0) + 1);
        expect(
          accusers(small).filter((id) => small.rows.length > 0 || id !== 'lost-purchase'),
        ).toEqual(expected.filter((id) => small.rows.length > 0 || id !== 'lost-purchase'));
      });
      for (const { id } of three) expect(seen.get(id)).toBeGreaterThan(SALES / 50);
    },
    TIME_LIMIT_MS,
  );

  it(
    'never accuse where intents of nobody known, or evidence that is not whole, leave a way',
    () => {
      check(murky, (small) => {
        const found = accusers(small);
        if (found.includes('lost-purchase'))
          expect([hasLoss(small), small.keepsCancelled]).toEqual([true, true]);
        if (found.includes('phantom-order'))
          expect([hasPhantom(small), small.exclusive, small.historyComplete]).toEqual([
            true,
            true,
            true,
          ]);
        if (found.includes('refused-but-sold')) {
          expect(small.historyComplete).toBe(true);
          expect(small.exclusive || hasRefusedOwner(small)).toBe(true);
        }
      });
    },
    TIME_LIMIT_MS,
  );

  it(
    'do not hold where they are too few or too many',
    () => {
      check(murky, (small) => {
        const held = three.filter((each) => each.decide(evidenceOf(small)).value === 'holds');
        const ids = held.map(({ id }) => id);
        if (hasLoss(small)) expect(ids).not.toContain('lost-purchase');
        if (hasPhantom(small)) expect(ids).not.toContain('phantom-order');
        if (hasRefusedSale(small)) expect(ids).not.toContain('refused-but-sold');
      });
    },
    TIME_LIMIT_MS,
  );
});

describe(`what must never create a violation where rows have no keys, seed ${SEED}`, () => {
  const changes: Readonly<Record<string, (small: Keyless, at: number) => Keyless>> = {
    'a wider interval': (small, at) => ({
      ...small,
      operations: small.operations.map((each, i) =>
        i === at % small.operations.length
          ? { ...each, start: each.start - at, end: each.end + 3 }
          : each,
      ),
    }),
    'a reply that was lost': (small, at) => ({
      ...small,
      operations: small.operations.map((each, i) =>
        i === at % small.operations.length && each.outcome === 'ok'
          ? { ...each, outcome: 'info', reason: 'timeout' }
          : each,
      ),
    }),
    'more skew': (small, at) => ({
      ...small,
      clockSkewMs: small.clockSkewMs === null ? null : small.clockSkewMs + at,
    }),
    'a larger clock error': (small, at) => ({ ...small, clockErrorMs: small.clockErrorMs + at }),
    'no word about clocks': (small) => ({ ...small, clockSkewMs: null }),
    'no word that nobody else buys': (small) => ({ ...small, exclusive: false }),
    'less evidence': (small) => ({
      ...{ ...small, historyComplete: false, exhaustive: false, keepsCancelled: false },
    }),
  };

  it.each(Object.entries(changes))(
    '%s',
    (_, change) => {
      fc.assert(
        fc.property(keyless(murky), fc.nat(12), (small, at) => {
          const before = accusers(small);
          // A refused request that may have begun earlier takes the blame for a row that nobody had asked for.
          const moved =
            small.byBuyer || !before.includes('phantom-order') ? [] : ['refused-but-sold'];
          expect([...before, ...moved]).toEqual(
            expect.arrayContaining(accusers(change(small, at))),
          );
        }),
        { numRuns: Math.ceil(SALES / 4), seed: SEED },
      );
    },
    TIME_LIMIT_MS,
  );

  it(
    'rows and lines in another order, other names of buyers',
    () => {
      const other = (buyer: string | null) => buyer && `x${buyer}`;
      check(murky, (small) => {
        const turned: Keyless = {
          ...small,
          operations: small.operations.toReversed(),
          buyers: small.buyers.map(other),
          rows: small.rows.toReversed().map((row) => ({ ...row, buyer: other(row.buyer) ?? '' })),
        };
        const gist = (each: Keyless) =>
          decideAll(
            evidenceOf(each),
            three.map(({ id }) => id),
          ).map((finding) => [finding.value, finding.value === 'violated' ? finding.count : 0]);
        expect(gist(turned)).toEqual(gist(small));
      });
    },
    TIME_LIMIT_MS,
  );
});
