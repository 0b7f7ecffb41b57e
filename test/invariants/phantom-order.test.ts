import { expect, it } from 'vitest';
import { phantomOrder } from '../../lib/invariants/phantom-order.ts';
import { decided, describeInvariant } from './cases.ts';

const two = 'A 9; b1 buy(1) A [0,5] ok; b2 buy(1) A [1,6] ok';

describeInvariant(phantomOrder, {
  holds: {
    'rows of info': `${two}; b3 buy(1) A [0,5] info; F: b1×1 A, b2×1 A, b3×1 A`,
    'nobody else where nobody else buys, somebody vouches': `${two}; exclusive; F: b1×1 A, b2×1 A`,
    'a baseline order where nobody else buys, somebody vouches': `${two}; exclusive; baseline old; F: b1×1 A, ?×1 A #old`,
    'rows without keys that purchases explain': `${two}; buyer u1: b1, b2; exclusive; F: ?×1 A by=u1, ?×1 A by=u1`,
    'rows that name nobody and purchases explain': `${two}; exclusive; F: ?×1 A, ?×1 A`,
    'a cancelled row beside them, that somebody may have asked for': `${two}; exclusive; F: ?×1 A, ?×1 A, ?×1 A cancelled`,
    'orders of the baseline': `${two}; baseline old; F: b1×1 A, b2×1 A, ?×1 A #old`,
  },
  violated: {
    'a key that was never planned': `${two}; F: b1×1 A, b77×1 A`,
    'a planned intent that was never sent': `${two}; planned b3; F: b1×1 A, b3×1 A`,
    'a key that was never planned, in a history that is not complete': `${two}; F: b77×1 A; incomplete`,
    'cancelled, but nobody asked for it': `${two}; F: b1×1 A, b2×1 A, b77×1 A cancelled`,
    'a stranger where nobody else buys, somebody vouches': `${two}; exclusive; F: b1×1 A, ?×1 A`,
    'an order with another run’s key beside one that names only a buyer': `buyer u1: b1, b2; ${two}; exclusive; F: b1×1 A, ?×1 A by=u1, onsale-r2-1×1 A`,
    'rows without keys, one more than were asked for': `${two}; buyer u1: b1, b2; exclusive; F: ?×1 A by=u1, ?×1 A by=u1, ?×1 A by=u1`,
    'rows that name nobody, one more than were asked for': `${two}; exclusive; F: ?×1 A, ?×1 A, ?×1 A`,
    'one row with more tickets than were asked for': `${two}; exclusive; F: ?×3 A`,
    'a row that was made before anybody asked': `${two}; rule clockSkewMs=2; exclusive; F: ?×1 A at=-3, ?×1 A at=4`,
    'a cancelled row where nobody asked': `${two}; B 9; exclusive; F: ?×1 A, ?×1 A, ?×1 B cancelled`,
    'a stranger where nobody else buys, in a history that is not complete': `${two}; exclusive; F: b1×1 A, x×1 A; incomplete`,
    'a stranger where nobody else buys, without a plan': `${two}; unplanned; exclusive; F: b1×1 A, x×1 A`,
    'seen in a partial listing': `${two}; F: b1×1 A, b77×1 A, unlisted`,
  },
  unknown: {
    'a planned intent without an operation in a history that is not complete': `${two}; planned b3; F: b1×1 A, b3×1 A; incomplete`,
    'rows that name nobody, one more than were asked for, and nobody vouches': `${two}; F: ?×1 A, ?×1 A, ?×1 A`,
    'rows that name nobody, one more, but a request may be missing': `${two}; exclusive; F: ?×1 A, ?×1 A, ?×1 A; incomplete`,
    'rows that name nobody, one more, that a refused one asked for': `${two}; exclusive; b3 buy(1) A [0,9] refused; F: ?×1 A, ?×1 A, ?×1 A`,
    'rows of single tickets where pairs were asked for':
      'A 9; b1 buy(2) A [0,5] ok; b2 buy(2) A [1,6] info; exclusive; F: ?×1 A, ?×1 A, ?×1 A',
    'one more, but somebody asked for a pool that nobody knows': `${two}; b3 buy(1) Z [0,5] ok; exclusive; F: ?×1 A, ?×1 A, ?×1 A`,
    'nobody has an order': `${two}; F:`,
    'only our orders listed': `${two}; F: b1×1 A, b2×1 A, unlisted`,
    'rows of strangers': `${two}; F: b1×1 A, b2×1 A, ?×1 A`,
    'a key of this run, but no plan and no history': 'A 9; F: b77×1 A; incomplete',
    'a row of an intent that may be missing from the history, where nobody else buys': `${two}; unplanned; exclusive; F: b1×1 A, x×1 A; incomplete`,
    'an order that names nobody, where nobody else buys, but requests may be missing': `${two}; unplanned; exclusive; F: b1×1 A, ?×1 A; incomplete`,
    'an order that names nobody beside one that names only a buyer': `buyer u1: b1, b2; ${two}; exclusive; F: b1×1 A, ?×1 A by=u1, ?×1 A`,
    'keys of another run': `${two}; F: b1×1 A, b2×1 A, onsale-r2-1×1 A`,
    'keys of a run whose id begins alike': `${two}; F: b1×1 A, b2×1 A, onsale-r1-1-7×1 A`,
    'a stranger where nobody else buys, somebody vouches, in an unsettled state': `${two}; exclusive; F: ?×1 A, unsettled`,
    'a stranger in a pool that the fixture does not know': `${two}; exclusive; F: b1×1 A, ?×1 Z`,
    'rows without keys, one more than were asked for, in an unsettled state': `${two}; buyer u1: b1, b2; exclusive; F: ?×3 A by=u1, unsettled`,
    'a cancelled row that names nobody, and nobody vouches': `${two}; F: ?×1 A, ?×1 A, ?×1 A cancelled`,
    'a phantom in an unsettled state': `${two}; F: b77×1 A, unsettled`,
  },
});

it('counts cancelled rows as strangers’ where others may buy', () => {
  const gone = `${two}; F: ?×1 A, ?×1 A, ?×1 A cancelled`;
  expect(decided(phantomOrder, gone).witness?.figures).toMatchObject({ strangers: 3 });
  const alone = decided(phantomOrder, `${gone}; exclusive`);
  expect(alone.witness?.figures).toMatchObject({ strangers: 0 });
});

it('says how many rows are of strangers', () => {
  const finding = decided(phantomOrder, `${two}; F: b1×1 A, ?×1 A, ?×1 A`);
  expect(finding.witness?.figures).toEqual({ rows: 3, phantoms: 0, strangers: 2 });
  expect(finding.witness?.rows.map((row) => row.id)).toEqual(['row-2', 'row-3']);
});
