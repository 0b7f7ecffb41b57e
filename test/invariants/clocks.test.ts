import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../lib/history/columns.ts';
import { operationAt } from '../../lib/history/history.ts';
import {
  answeredFor,
  doubted,
  heldToItsClocks,
  NO_ORDER_MS,
  restOnOrder,
  unsaidOf,
} from '../../lib/invariants/clocks.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import { decideAll, invariants } from '../../lib/invariants/registry.ts';
import type { Finding } from '../../lib/model/finding.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { recorded, visits } from './correct-shop.ts';
import { keyOf, sale } from './notation.ts';
import { oracleRuns, SEED } from './oracle-runs.ts';

const RUNS = oracleRuns(300);
const run = { numRuns: RUNS, seed: SEED };
const TIME_LIMIT_MS = 60_000 + RUNS * 30;

type Whole = ReturnType<typeof recorded>;

const changed = <E extends Evidence>(
  evidence: E,
  change: (each: Operation) => Partial<Operation>,
): E => {
  const { history } = evidence;
  const all = Array.from({ length: history.length }, (_, i) => operationAt(history, i));
  return { ...evidence, history: historyOf(all.map((each) => ({ ...each, ...change(each) }))) };
};

/** Sessions with even numbers are recorded by a second machine, whose clock is ahead by so much. */
const byTwo = (evidence: Whole, aheadMs: number): Whole =>
  changed(evidence, ({ session, start, end }) =>
    session % 2 === 0 ? { start: start + aheadMs, end: end + aheadMs } : {},
  );

const jumping = (evidence: Whole, { at, byMs }: { at: number; byMs: number }): Whole => {
  const seen = (time: number) => (time < at ? time : time + byMs);
  return changed(evidence, ({ start, end }) => ({ start: seen(start), end: seen(end) }));
};

const judged = (evidence: Evidence) => decideAll(heldToItsClocks(evidence, { imported: true }));
const valuesOf = (evidence: Evidence) =>
  Object.fromEntries(judged(evidence).map(({ invariant, value }) => [invariant, value]));
const violatedIn = (evidence: Evidence) =>
  judged(evidence).flatMap(({ invariant, value }) => (value === 'violated' ? [invariant] : []));
const doubtIn = (evidence: Evidence, imported = true) =>
  heldToItsClocks(evidence, { imported }).clockDoubt;

describe(`a correct shop whose clocks nobody spoke of, seed ${SEED}`, () => {
  const drawn = { visits, ms: fc.integer({ min: -2000, max: 2000 }), at: fc.nat(150) };

  const isNeverAccusedInDoubt = (
    name: string,
    change: (evidence: Whole, drawn: { ms: number; at: number }) => Whole,
  ) =>
    it(
      name,
      () => {
        fc.assert(
          fc.property(fc.record(drawn), ({ visits: all, ...at }) => {
            const evidence = change(recorded(all), at);
            if (doubtIn(evidence) === undefined) return;
            expect(violatedIn(evidence)).toEqual([]);
            const values = valuesOf(evidence);
            for (const id of restOnOrder) expect(values[id] ?? 'unknown').toBe('unknown');
          }),
          run,
        );
      },
      TIME_LIMIT_MS,
    );

  isNeverAccusedInDoubt(
    'is not accused of what two recorders contradict each other in',
    (it, { ms }) => byTwo(it, ms),
  );
  isNeverAccusedInDoubt(
    'is not accused of what a clock that jumped contradicts',
    (it, { ms, at }) => jumping(it, { at, byMs: ms }),
  );

  it(
    'is not accused at all where nobody answers for them, whether rows are dated or not',
    () => {
      fc.assert(
        fc.property(fc.record(drawn), fc.boolean(), ({ visits: all, ms, at }, isDated) => {
          for (const seen of [byTwo(recorded(all), ms), jumping(recorded(all), { at, byMs: ms })]) {
            const orders = seen.state.orders.map(({ createdAt: _, ...row }) => row);
            const state = isDated ? seen.state : { ...seen.state, orders };
            expect(violatedIn({ ...seen, state, clocksUnvouched: true })).toEqual([]);
          }
        }),
        run,
      );
    },
    TIME_LIMIT_MS,
  );

  it(
    'raises no doubt on clocks that agree',
    () => {
      fc.assert(
        fc.property(visits, (all) => {
          expect(doubtIn(recorded(all))).toBeUndefined();
        }),
        run,
      );
    },
    TIME_LIMIT_MS,
  );
});

const isViolated = ({ value }: { readonly value: string }) => value === 'violated';

/** Of a shop that may have made any of these mistakes. */
const mistaken = (evidence: Whole, drawn: number): Whole => {
  const { orders, payments } = evidence.state;
  const spoilt = orders.map((row, i) => {
    if ((i + drawn) % 5 === 1) return { ...row, intent: keyOf('b99') };
    if ((i + drawn) % 5 === 2) return { ...row, status: 'live' as const, quantity: 2 };
    return row;
  });
  const state = {
    ...evidence.state,
    orders: spoilt.filter((_, i) => (i + drawn) % 7 !== 3),
    payments: payments!.filter((_, i) => (i + drawn) % 3 !== 1),
  };
  return { ...evidence, state, fixture: { ...evidence.fixture, exclusive: drawn % 2 === 0 } };
};

it(
  'claims that do not rest on order accuse the same whatever the clocks did, and hold for no other reason',
  () => {
    const found = new Set<string>();
    const others = invariants.map(({ id }) => id).filter((id) => !restOnOrder.has(id));
    fc.assert(
      fc.property(visits, fc.nat(1000), (all, drawn) => {
        const evidence = mistaken(recorded(all), drawn);
        const exact = decideAll({ ...evidence, clockErrorMs: 0 }, others);
        for (const clockErrorMs of [1, 40, NO_ORDER_MS]) {
          const findings = decideAll({ ...evidence, clockErrorMs }, others);
          expect(findings.filter(isViolated)).toEqual(exact.filter(isViolated));
          const held = exact.filter(({ value }) => value === 'holds');
          for (const each of findings)
            if (each.value === 'holds') expect(held).toContainEqual(each);
        }
        for (const { invariant } of exact.filter(isViolated)) found.add(invariant);
      }),
      run,
    );
    expect(found.size).toBeGreaterThan(2);
  },
  TIME_LIMIT_MS,
);

it('every claim that rests on order is one of the registry', () => {
  expect(invariants.map(({ id }) => id)).toEqual(expect.arrayContaining([...restOnOrder]));
});

describe('what is violated in every order', () => {
  /** Two owners of one seat, beside a session that did two things at once. */
  const evidence = (clock: number) => {
    const shop = sale(
      `A 2; b1 buy A [0,9] ok seat=s1; b2 buy A [1,6] ok seat=s1; b3 buy A [7,30] refused; F: b1×1 A seat=s1, b2×1 A seat=s1; clock ${clock}`,
    );
    return changed(shop, ({ start }) => ({ session: start < 7 ? 7 : 8 }));
  };

  it('still is, and says nothing of clocks', () => {
    expect(doubtIn(evidence(5))).toBe(
      'Clocks differ or jumped by at least 6 ms, more than the 5 ms they are trusted to, so no order of events is ' +
        'certain: say with --clock-error how far.',
    );
    expect(doubtIn(evidence(5), false)).toContain('run again on a clock that nobody sets');
    expect(valuesOf(evidence(5))).toMatchObject({
      'double-allocation': 'violated',
      'oversell-final': 'holds',
      'oversell-instant': 'unknown',
    });
  });

  it('needs nobody to answer for clocks', () => {
    expect(valuesOf({ ...evidence(6), clocksUnvouched: true })['double-allocation']).toBe(
      'violated',
    );
  });

  it('and what is violated only in theirs needs somebody', () => {
    const late = sale('A 1; b1 buy A [0,9] ok; r avail A [20,29] ok value=1; F: b1×1 A');
    expect(valuesOf(late)['stale-availability']).toBe('violated');
    const [unanswered] = decideAll({ ...late, clocksUnvouched: true }, ['stale-availability']);
    expect(unanswered).toMatchObject({
      value: 'unknown',
      missing: [expect.stringContaining('--clock-error 1 for one clock')],
    });
    expect(unanswered!.witness!.operations).not.toEqual([]);
  });

  it('is in no doubt where clocks were said to be off by as much', () => {
    expect(doubtIn(evidence(6))).toBeUndefined();
    expect(valuesOf(evidence(6))['oversell-instant']).toBe('holds');
  });
});

describe('rows that the shop dates', () => {
  const shop = (more: string) =>
    sale(`A 2; b1 buy A [0,9] ok; b2 buy A [10,16] ok; F: b1×1 A at=2005, b2×1 A at=2012${more}`);

  it('show how far its clock is off, where anything it promised is on its clock', () => {
    expect(doubtIn(shop('; clock 1'))).toBeUndefined();
    expect(doubtIn(shop('; clock 1; rule opensAt=1'))).toBe(
      "The shop dates its rows at least 1996 ms off the recorder's clock, more than the 1 ms it is trusted to, so no " +
        'order of events is certain: name rules.clockSkewMs in the fixture.',
    );
    expect(doubtIn(shop('; clock 1; rule opensAt=1 clockSkewMs=1995'))).toBeUndefined();
    expect(doubtIn(shop('; clock 1; rule opensAt=1'), false)).toBeUndefined();
  });
});

describe('a finding', () => {
  const witness = { operations: [], rows: [], pools: [], figures: { sold: 3 } };
  const invariant = 'oversell-instant';
  const said = { invariant, summary: 'What was seen.', witness };
  const holds: Finding = { ...said, value: 'holds' };
  const unknown: Finding = { ...said, value: 'unknown', missing: ['One.', 'Another.'] };
  const violated: Finding = { ...said, value: 'violated', count: 2 };
  const unsaid = unsaidOf({ ...sale('A 1'), clocksUnvouched: true });
  const doubtful = (clockDoubt?: string): Evidence => ({
    ...sale('A 1'),
    ...(clockDoubt === undefined ? {} : { clockDoubt }),
  });

  it('is not violated where it is not in every order and nobody answers for clocks', () => {
    expect(answeredFor(violated, unsaid, () => violated)).toBe(violated);
    expect(answeredFor(violated, [], () => unknown)).toBe(violated);
    for (const other of [holds, unknown]) {
      const missing = [expect.stringContaining('--clock-error 1 for one clock')];
      expect(answeredFor(violated, unsaid, () => other)).toEqual({
        ...said,
        value: 'unknown',
        missing,
      });
    }
  });

  it('needs nobody to answer for clocks where it accuses nobody', () => {
    expect(answeredFor(holds, unsaid, () => unknown)).toBe(holds);
    expect(answeredFor(unknown, unsaid, () => holds)).toBe(unknown);
  });

  it('lacks clocks that agree before all else, where it rests on order and accuses nobody', () => {
    const evidence = doubtful('Clocks differ.');
    expect(doubted(holds, evidence)).toEqual({
      ...said,
      value: 'unknown',
      missing: ['Clocks differ.'],
    });
    expect(doubted(unknown, evidence)).toEqual({
      ...said,
      value: 'unknown',
      missing: ['Clocks differ.', 'One.', 'Another.'],
    });
    expect(doubted(violated, evidence)).toBe(violated);
    const other = { ...holds, invariant: 'lost-purchase' };
    expect(doubted(other, evidence)).toBe(other);
    expect(doubted(holds, doubtful())).toBe(holds);
  });
});

describe('a shop of whose clock nobody spoke', () => {
  const resold = 'A 1; b1 hold A [0,5] ok expires=2100; b2 buy(1) A [150,160] ok';
  const late = 'A 9; b1 buy(1) A [150,160] ok; F: b1×1 A';
  const unspokenOf = (text: string) => ({ ...sale(text), shopClockUnvouched: true });
  const findingOf = (text: string, invariant: string) =>
    decideAll(unspokenOf(text), [invariant])[0]!;
  const WORD = expect.stringContaining('rules.clockSkewMs');

  it.each([
    ['oversell-instant', resold],
    ['sale-window', `${late}; rule closesAt=100`],
    ['sale-window', `${late}; rule opensAt=250`],
  ])('is accused of nothing that its time alone tells: %s, %s', (invariant, text) => {
    expect(findingOf(text, invariant)).toMatchObject({ value: 'unknown', missing: [WORD] });
    const said = text.includes('; rule')
      ? text.replace('; rule', '; rule clockSkewMs=40')
      : `${text}; rule clockSkewMs=40`;
    expect(decideAll(sale(said), [invariant])[0]!.value).toBe('violated');
  });

  it('is accused of what its time has no part in, and of what it is in any', () => {
    const twice = 'A 1; b1 buy(1) A [0,5] ok; b2 buy(1) A [6,9] ok';
    expect(findingOf(`${twice}; rule opensAt=0`, 'oversell-instant').value).toBe('violated');
    const held = 'A 1; b1 hold A [0,5] ok expires=2100; b1 pay A [6,9] ok; b2 buy(1) A [10,12] ok';
    expect(findingOf(held, 'oversell-instant').value).toBe('violated');
  });

  it('and of recorders whose clocks nobody spoke of either, is asked about both', () => {
    const evidence = { ...unspokenOf(`${late}; rule closesAt=100`), clocksUnvouched: true };
    const [finding] = decideAll(evidence, ['sale-window']);
    const missing = [expect.stringContaining('--clock-error'), WORD];
    expect(finding).toMatchObject({ value: 'unknown', missing });
  });
});

describe('what nobody said of the clocks', () => {
  const asked = (text: string, unvouched: Partial<Evidence>) =>
    unsaidOf({ ...sale(text), ...unvouched }).map(({ missing }) =>
      missing.includes('rules.clockSkewMs') ? 'the shop' : 'recorders',
    );
  const bought = 'A 9; b1 buy A [0,5] ok; b2 hold A [0,5] ok';

  it.each<[string, string[]]>([
    [bought, []],
    [`${bought}; F: b1×1 A, b2×1 A`, []],
    [`${bought} order=o7; F: b1×1 A, b2×1 A`, []],
    [`${bought}; rule opensAt=0`, ['the shop']],
    [`${bought}; rule closesAt=9`, ['the shop']],
    [`${bought} expires=9`, ['the shop']],
    [`${bought}; F: b1×1 A, b2×1 A expires=9`, ['the shop']],
  ])('counts where its times are heard: %s', (text, expected) => {
    expect(asked(text, { shopClockUnvouched: true })).toEqual(expected);
    expect(asked(text, { shopClockUnvouched: true, clocksUnvouched: true })).toEqual([
      ...['recorders', ...expected],
    ]);
    expect(asked(text, { clocksUnvouched: true })).toEqual(['recorders']);
    expect(asked(text, {})).toEqual([]);
  });

  it('is looked at as if it were off by any time, and nothing else is', () => {
    const evidence = {
      ...sale(`${bought}; rule opensAt=3; clock 4`),
      ...{ clocksUnvouched: true, shopClockUnvouched: true },
    };
    expect(unsaidOf(evidence).map((each) => each.evidence)).toEqual([
      { ...evidence, clockErrorMs: NO_ORDER_MS },
      {
        ...evidence,
        fixture: { ...evidence.fixture, rules: { opensAt: 3, clockSkewMs: NO_ORDER_MS } },
      },
    ]);
  });
});
