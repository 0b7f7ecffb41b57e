import { describe, expect, it } from 'vitest';
import { FAIL, INFO, OK, REFUSED } from '../../lib/history/history.ts';
import {
  acknowledgedByPool,
  endedSo,
  liveByPool,
  mayBeReleased,
  namelessGaps,
  saleOf,
  unexplainedGaps,
} from '../../lib/invariants/sale.ts';
import { keyOf, sale } from './notation.ts';

it('is worked out once for one evidence, and for each', () => {
  const evidence = sale('A 9');
  expect(saleOf(evidence)).toBe(saleOf(evidence));
  expect(saleOf({ ...evidence })).not.toBe(saleOf(evidence));
});

const ops =
  'A 9; B 9; b1 buy(2) A [0,5] ok; b1 buy(2) A [6,9] ok; b2 hold(3) B [1,6] ok; b2 pay B [7,8] ok; b3 hold A [1,6] ok; b4 buy A [2,9] refused; b5 buy A [2,9] info; b6 buy(4) Z [1,2] ok; b7 buy A [1,3] ok; b7 cancel A [4,5] info; b8 buy A [2,5] ok';
const rows = 'b1×2 A, b2×1 B, b2×2 B cancelled, b8×1 A, b8×1 A cancelled, ?×5 A, b6×4 Z';

describe('tickets by pool', () => {
  const all = saleOf(sale(`${ops}; F: ${rows}`));

  it('are acknowledged for good once an intent, where no row says that any were given back', () => {
    expect([...acknowledgedByPool(all)]).toEqual([2, 0]);
    expect([...acknowledgedByPool(saleOf(sale(ops)))]).toEqual([3, 3]);
    expect([...acknowledgedByPool(all, () => false)]).toEqual([3, 3]);
    expect([...acknowledgedByPool(all, () => true)]).toEqual([0, 0]);
  });

  it('are live in rows, whoever they belong to', () => {
    expect([...liveByPool(all)]).toEqual([8, 1]);
    expect([...liveByPool(saleOf(sale(ops)))]).toEqual([0, 0]);
  });
});

describe('a purchase may have been given back', () => {
  it.each([
    ['it is all there', 'b1×2 A', false],
    ['it is gone, and cancelled rows are kept', 'b8×1 A', false],
    ['a row says so', 'b1×1 A, b1×1 A cancelled', true],
    ['it is all there, and cancelled rows are forgotten', 'b1×2 A, forgets', false],
    ['more than all is there, and cancelled rows are forgotten', 'b1×3 A, forgets', false],
    ['a part is gone, and cancelled rows are forgotten', 'b1×1 A, forgets', true],
    ['it is gone, and cancelled rows are forgotten', 'forgets', true],
  ])('%s', (_, state, released) => {
    const evidence = sale(`${ops}; F: ${state}`);
    const intent = evidence.history.intents.find(keyOf('b1'));
    expect(mayBeReleased(evidence, saleOf(evidence), intent)).toBe(released);
  });
});

it.each<[string, string[]]>([
  ['F: ?×1 A by=u1, b2×1 A by=u1', []],
  // The row that was found for b1 may as well be another's; that of b2 names it.
  ['F: ?×1 A by=u1, b2×1 A by=u1, forgets', ['b1']],
  ['F: b1×1 A by=u1, b2×1 A by=u1, forgets', []],
])('where %s, %j may have been given back though rows are there for all', (state, names) => {
  const evidence = sale(`A 9; buyer u1: b1, b2; b1 buy A [0,5] ok; b2 buy A [1,6] ok; ${state}`);
  const isReleased = (name: string) =>
    mayBeReleased(evidence, saleOf(evidence), evidence.history.intents.find(keyOf(name)));
  expect(['b1', 'b2'].filter(isReleased)).toEqual(names);
});

it('nothing was given back, as far as anybody tells, where nothing was read back', () => {
  const evidence = sale(ops);
  expect(mayBeReleased(evidence, saleOf(evidence), 0)).toBe(false);
});

it('a purchase or hold ended so, and no other operation is asked', () => {
  const evidence = sale(`${ops}; b9 buy A [0,1] fail; b9 buy A [2,3] refused; b9 view A [4,5] ok`);
  const all = saleOf(evidence);
  const endsOf = (name: string) =>
    [OK, REFUSED, FAIL, INFO].filter((outcome) =>
      endedSo(all, evidence.history.intents.find(keyOf(name)), outcome),
    );
  expect(['b1', 'b3', 'b4', 'b5', 'b7', 'b9'].map(endsOf)).toEqual([
    ...[[OK], [OK], [REFUSED], [INFO], [OK]],
    [REFUSED, FAIL],
  ]);
});

describe('rows that name no intent', () => {
  const gapsOf = (notation: string) => {
    const evidence = sale(notation);
    const all = saleOf(evidence);
    return [...namelessGaps(evidence, all), ...unexplainedGaps(all)];
  };
  const two = 'A 9; buyer u1: b1, b2; b1 buy(3) A [0,5] ok; b2 buy A [1,6] ok';

  it('ask for the word that nobody else buys only where nobody gave it', () => {
    const rows = 'A 9; b1 buy(3) A [0,5] ok; F: ?×3 A';
    const [open] = gapsOf(rows);
    expect(open).toMatch(/what is missing, or somebody else’s: .* vouch that nobody else buys/);
    expect(gapsOf(`${rows}; exclusive`)[0]).toMatch(/what is missing: give each intent a key\.$/);
  });

  it('lack what tells whose they are', () => {
    expect(gapsOf(`${two}; F: b1×3 A, b2×1 A`)).toEqual([]);
    expect(gapsOf(`${two}; F: b2×1 A, ?×2 A by=u1`)).toEqual([
      expect.stringMatching(/^1 rows name a buyer of the run but no intent/),
      expect.stringMatching(/^1 rows name no intent, and no purchase was found/),
    ]);
  });
});
