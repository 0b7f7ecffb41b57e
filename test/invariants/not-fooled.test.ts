import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HistoryBuilder, historyOf } from '../../lib/history/columns.ts';
import { type History, operationAt } from '../../lib/history/history.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import { decideAll } from '../../lib/invariants/registry.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { type OrderRow, type State, stateSchema } from '../../lib/model/state.ts';
import { CAPACITY, recorded, visits } from './correct-shop.ts';
import { keyOf, operation, sale } from './notation.ts';
import { oracleRuns, SEED } from './oracle-runs.ts';

const RUNS = oracleRuns(300);
const run = { numRuns: RUNS, seed: SEED };
const TIME_LIMIT_MS = 60_000 + RUNS * 20;

type Whole = Evidence & { readonly state: State };

const operationsOf = ({ history }: { history: History }) =>
  Array.from({ length: history.length }, (_, i) => operationAt(history, i));

const withOperations = (evidence: Whole, change: (each: Operation) => Operation): Whole => ({
  ...evidence,
  history: historyOf(operationsOf(evidence).map(change)),
});

const withState = (evidence: Whole, change: Partial<State>): Whole => ({
  ...evidence,
  state: { ...evidence.state, ...change },
});

const idsWith = (evidence: Evidence, value: string) =>
  decideAll(evidence)
    .filter((finding) => finding.value === value)
    .map(({ invariant, summary }) => `${invariant}: ${summary}`);

/** Every other row, account and payment is gone, as if a page had been lost. */
function halfOf(state: State): Partial<State> {
  const half = <T>(all: readonly T[]) => all.filter((_, i) => i % 2 === 1);
  return {
    orders: half(state.orders),
    accounts: half(state.accounts!),
    payments: half(state.payments!),
  };
}

/** Sessions of the second of two recorders. */
const isSecond = ({ session }: Operation) => session % 2 === 0;
const shifted = (each: Operation, ms: number): Operation => ({
  ...each,
  start: each.start + ms,
  end: each.end + ms,
});

describe(`a correct shop, of which every claim is asked, seed ${SEED}`, () => {
  const isNotAccused = (name: string, change: (evidence: Whole, drawn: number) => Evidence) =>
    it(
      name,
      () => {
        fc.assert(
          fc.property(visits, fc.nat(10_000), (all, drawn) => {
            const evidence = change(recorded(all), drawn);
            expect(idsWith(evidence, 'violated')).toEqual([]);
            expect(JSON.stringify(decideAll(evidence))).not.toContain('A check that works');
          }),
          run,
        );
      },
      TIME_LIMIT_MS,
    );

  isNotAccused('as it was recorded', (evidence) => evidence);

  isNotAccused('where the history lacks requests', (evidence, drawn) => ({
    ...evidence,
    historyComplete: false,
    history: historyOf(operationsOf(evidence).filter((_, i) => ((i + 1) * drawn) % 7 > 2)),
  }));

  isNotAccused('where every reply is a server error or never came', (evidence, drawn) =>
    withOperations(evidence, (each) => ({
      ...operation({ ...each, outcome: 'info' }),
      reason: drawn % 2 === 0 ? 'http-500' : 'timeout',
      session: each.session,
      kind: each.kind,
    })),
  );

  isNotAccused('where the read-back lost a page and knows it', (evidence) =>
    withState(evidence, { ...halfOf(evidence.state), complete: false }),
  );

  isNotAccused('where it changed between the readings', (evidence) =>
    withState(evidence, { ...halfOf(evidence.state), settled: false }),
  );

  isNotAccused('where it was read from a cache that is behind', (evidence) =>
    withState(evidence, {
      ...{ orders: [], payments: [], accounts: [], mayLag: true },
      pools: [{ id: 'A', remaining: CAPACITY }],
    }),
  );

  isNotAccused(
    'where two recorders differ by up to two seconds, as was told',
    (evidence, drawn) => ({
      ...withOperations(evidence, (each) =>
        isSecond(each) ? shifted(each, (drawn % 4001) - 2000) : each,
      ),
      clockErrorMs: 2001,
    }),
  );

  isNotAccused('where a clock jumps by up to two seconds, as was told', (evidence, drawn) => {
    const ms = (drawn % 4001) - 2000;
    const jumpsAt = drawn % 150;
    const seen = (time: number) => (time < jumpsAt ? time : time + ms);
    const jumped = withOperations(evidence, (each) => {
      const start = seen(each.start);
      return { ...each, start, end: Math.max(start, seen(each.end)) };
    });
    return { ...jumped, clockErrorMs: 2001 };
  });

  isNotAccused('where others bought at the same time', (evidence, drawn) => {
    const { orders, payments, pools } = evidence.state;
    const free = pools[0]!.remaining!;
    if (free === 0) return evidence;
    const taken = new Set(orders.flatMap((row) => (row.status === 'live' ? [row.seat] : [])));
    const seat = evidence.fixture.pools[0]!.seats!.find((each) => !taken.has(each))!;
    const order: OrderRow = {
      ...{ id: 'x1', pool: 'A', quantity: 1, status: 'live', intent: null, buyer: 'stranger' },
      ...{ state: 'paid', seat, amount: 10, createdAt: 50_000 + drawn },
    };
    const payment = { id: 'x1', order: 'x1', intent: null, status: 'charged', amount: 10 } as const;
    return withState(evidence, {
      ...{ orders: [...orders, order], payments: [...payments!, payment] },
      pools: [{ id: 'A', remaining: free - 1 }],
    });
  });
});

const ABOUT_READS = /^(stale-availability|non-monotonic-availability|read-your-writes):/;

/** What leaves nothing to rest a claim on; claims about reads do not need the final state. */
const gone: Readonly<Record<string, (evidence: Whole) => Evidence>> = {
  'an empty history': (evidence) => ({ ...evidence, history: historyOf([]) }),
  'an empty history and no final state': (evidence) => ({
    ...evidence,
    history: historyOf([]),
    state: null,
  }),
  'no final state': (evidence) => ({ ...evidence, state: null }),
  'a history that is not complete': (evidence) => ({ ...evidence, historyComplete: false }),
  'a read-back that lost a page': (evidence) =>
    withState(evidence, { ...halfOf(evidence.state), complete: false }),
  'a read-back that never settled': (evidence) => withState(evidence, { settled: false }),
  'a read-back from before the end': (evidence) => withState(evidence, { readAt: -1 }),
  'replies that never came': (evidence) =>
    withOperations(evidence, (each) => ({
      ...operation({ ...each, outcome: 'info' }),
      reason: 'timeout',
    })),
};

describe(`no claim holds, seed ${SEED}`, () => {
  it.each(Object.entries(gone))(
    'of %s',
    (_, change) => {
      fc.assert(
        fc.property(visits, (all) => {
          const evidence = change(recorded(all));
          const readsAlone = evidence.historyComplete && evidence.history.length > 0;
          const held = idsWith(evidence, 'holds');
          expect(readsAlone ? held.filter((each) => !ABOUT_READS.test(each)) : held).toEqual([]);
        }),
        run,
      );
    },
    TIME_LIMIT_MS,
  );
});

const valueIn = (id: string, evidence: Evidence) => decideAll(evidence, [id])[0]!.value;
const valueFor = (id: string, notation: string) => valueIn(id, sale(notation));

describe('what two requests on two clocks can have held together', () => {
  const resold =
    'A 2; rule expiryGraceMs=0; b1 hold A [0,5] ok expires=50; b2 buy A [51,60] ok; b3 buy A [40,70] refused; F: b1×1 A cancelled, b2×1 A';

  it.each(['false-sold-out', 'leaked-hold'])('excuses a refusal: %s', (id) => {
    expect(valueFor(id, `${resold}; clock 1`)).not.toBe('violated');
  });

  it('excuses none where the clocks agree', () => {
    expect(valueFor('false-sold-out', resold)).toBe('violated');
  });
});

describe('clocks that may be off', () => {
  it('make no read-back late enough', () => {
    const early = 'A 2; b1 buy A [0,100] ok; b2 buy A [1,6] ok; F: read 99, b2×1 A';
    expect(valueFor('lost-purchase', early)).toBe('unknown');
    expect(valueFor('lost-purchase', `${early}; clock 60`)).toBe('unknown');
    expect(valueFor('lost-purchase', early.replace('99', '100'))).toBe('violated');
  });

  it('keep no hold alive', () => {
    const twice =
      'A 2; b1 hold A [0,5] ok; b2 buy A [1,6] ok; F: read 80, b1×1 A state=held seat=s1 expires=90, b2×1 A seat=s1';
    expect(valueFor('double-allocation', `${twice}; clock 9`)).toBe('violated');
    expect(valueFor('double-allocation', `${twice}; clock 10`)).not.toBe('violated');
  });
});

describe('a cancellation that the history may lack', () => {
  const heldTwice =
    'A 2; b1 hold A [0,5] ok seat=s1 expires=90; b2 buy A [10,15] ok seat=s1; F: b1×1 A cancelled, b2×1 A seat=s1';

  it('makes two owners of a seat unknown', () => {
    expect(valueFor('double-allocation', heldTwice)).toBe('violated');
    expect(valueFor('double-allocation', `${heldTwice}; incomplete`)).toBe('unknown');
  });

  it('is ruled out by an order that stands', () => {
    const both = heldTwice.replace('b1×1 A cancelled', 'b1×1 A state=paid');
    expect(valueFor('double-allocation', `${both}; incomplete`)).toBe('violated');
  });
});

describe('two errors that cancel each other out', () => {
  const shop =
    'A 3; price A 10; buyer u1 100: b1; buyer u2 100: b2; buyer u3 100: b3; b1 buy A [0,5] ok; b2 buy A [1,6] ok; b3 buy A [2,9] ok; F: b1×1 A, b2×1 A, b3×1 A, u1 has 90, u2 has 90, u3 has 90';

  it('of money are seen buyer by buyer', () => {
    expect(valueFor('money-conservation', shop)).toBe('holds');
    const swapped = shop.replace('u1 has 90', 'u1 has 80').replace('u2 has 90', 'u2 has 100');
    expect(valueFor('money-conservation', swapped)).toBe('violated');
  });

  it('of stock are seen row by row', () => {
    const swapped = shop.replace('b1×1 A', 'b2×1 A');
    expect(valueFor('lost-purchase', swapped)).toBe('violated');
    expect(valueFor('duplicate-effect', swapped)).toBe('violated');
  });
});

describe('ids', () => {
  const notation =
    'A 2; b1 buy A [0,5] ok; b2 buy A [1,6] ok; b3 buy A [2,9] refused; F: b1×1 A #1, b2×1 A #2';
  const gist = (text: string) =>
    decideAll(sale(text)).map(({ invariant, value }) => [invariant, value]);

  it.each([
    ['huge', 'x'.repeat(199)],
    ['like negative numbers', '-'],
    ['like numbers with a point', '1.'],
    ['like names of every object', '__proto__'],
  ])('that are %s change nothing', (_, prefix) => {
    const renamed = notation
      .replaceAll(/#(\d)/g, `#${prefix}$1`)
      .replaceAll(/\bA\b/g, `${prefix}A`);
    expect(gist(renamed)).toEqual(gist(notation));
  });

  it('that repeat leave nothing to rest on', () => {
    const values = gist(notation.replace('#2', '#1')).map(([, value]) => value);
    expect(values).not.toContain('violated');
    expect(values).not.toContain('holds');
  });

  it('that are numbers are no ids: "1" and 1 cannot be mixed up', () => {
    const state = sale(notation).state!;
    expect(stateSchema.safeParse(state).success).toBe(true);
    const mixed = { ...state, orders: [...state.orders, { ...state.orders[0], id: 1 }] };
    expect(stateSchema.safeParse(mixed).success).toBe(false);
  });
});

describe('quantities', () => {
  it('a pool without tickets holds nothing, and one sale of it is one too many', () => {
    const empty = 'A 0; b1 buy A [0,5] refused; b2 buy A [1,6] refused; F:';
    expect(idsWith(sale(empty), 'violated')).toEqual([]);
    expect(idsWith(sale(empty), 'holds')).toEqual([]);
    const sold = empty.replace('[0,5] refused', '[0,5] ok').replace('F:', 'F: b1×1 A');
    expect(valueFor('oversell-final', sold)).toBe('violated');
  });

  it('a wish for more than there is may be refused, and must not be granted', () => {
    const wish = 'A 2; b1 buy(5) A [0,5] refused; b2 buy(2) A [1,6] ok; F: b2×2 A';
    expect(idsWith(sale(wish), 'violated')).toEqual([]);
    const granted = wish.replace('[0,5] refused', '[0,5] ok').replace('F:', 'F: b1×5 A,');
    expect(valueFor('oversell-final', granted)).toBe('violated');
  });

  it('orders from before the run are nobody’s of it', () => {
    const before =
      'A 2; baseline old; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: ?×1 A #old, b1×1 A, b2×1 A';
    expect(idsWith(sale(before), 'violated')).toEqual([]);
  });
});

it(
  'one sale among a million refusals is seen, and accused if it was one too many',
  () => {
    const refusal = { pool: 'A', quantity: 1, outcome: 'refused' } as const;
    const builder = new HistoryBuilder();
    // Fewer only where random sales are fewer too: mutation testing waits for this thousands of times.
    for (let i = 0; i < Math.min(1_000_000, oracleRuns(1_000_000)); i++) {
      builder.add(
        operation({ ...refusal, intent: keyOf(`b${i + 2}`), start: i / 2, end: i / 2 + 1000 }),
      );
    }
    builder.add(
      operation({ ...refusal, intent: keyOf('b1'), outcome: 'ok', start: 500, end: 510 }),
    );
    const history = builder.build();
    const one = { ...sale('A 1; b1 buy A [500,510] ok; F: b1×1 A'), history };
    expect(idsWith(one, 'violated')).toEqual([]);
    expect(valueIn('oversell-final', one)).toBe('holds');
    const none = { ...sale('A 0; b1 buy A [500,510] ok; F: b1×1 A'), history };
    expect(valueIn('oversell-final', none)).toBe('violated');
  },
  TIME_LIMIT_MS,
);
