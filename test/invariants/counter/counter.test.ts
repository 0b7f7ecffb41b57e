import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasOrder as searchOrder } from '../../../lib/invariants/counter/search.ts';
import { oracleRuns, SEED } from '../oracle-runs.ts';
import {
  type Event,
  fitsByEarliestDeadline,
  hasOrder,
  isContradictory,
  sightingsOf,
  smallCounter,
  stockOf,
} from './small-counters.ts';

const RUNS = oracleRuns(2000);
const TIME_LIMIT_MS = 60_000 + RUNS * 10;
const run = { numRuns: RUNS, seed: SEED };
const units = { eventsMax: 7, ticketsMax: 1, givesBack: false };
const slack = fc.constantFrom(0, 0, 1, 2);

describe(`a counter against every order of events, seed ${SEED}`, () => {
  it(
    'finds a contradiction just where there is no order, of single tickets that never come back',
    () => {
      let orders = 0;
      fc.assert(
        fc.property(smallCounter(units), slack, (events, slackMs) => {
          const has = hasOrder(events, slackMs);
          if (has) orders++;
          expect(isContradictory(events, slackMs)).toBe(!has);
        }),
        run,
      );
      expect(orders / RUNS).toBeGreaterThan(0.1);
      expect(orders / RUNS).toBeLessThan(0.9);
    },
    TIME_LIMIT_MS,
  );

  it(
    'finds none where there is an order, whatever moves',
    () => {
      fc.assert(
        fc.property(
          smallCounter({ ...units, ticketsMax: 3, givesBack: true }),
          slack,
          (events, slackMs) => {
            if (hasOrder(events, slackMs)) expect(isContradictory(events, slackMs)).toBe(false);
          },
        ),
        run,
      );
    },
    TIME_LIMIT_MS,
  );

  it(
    'is searched for an order, and one is found just where there is one, of tickets that go several at a time',
    () => {
      fc.assert(
        fc.property(smallCounter({ ...units, ticketsMax: 3 }), slack, (events, slackMs) => {
          const found = searchOrder(stockOf(events), sightingsOf(events), { slackMs });
          expect(found).toBe(hasOrder(events, slackMs));
        }),
        run,
      );
    },
    TIME_LIMIT_MS,
  );

  it(
    'agrees with filling slots by earliest deadline in larger histories',
    () => {
      let orders = 0;
      fc.assert(
        fc.property(smallCounter({ ...units, eventsMax: 40 }), slack, (events, slackMs) => {
          const fits = fitsByEarliestDeadline(events, slackMs);
          if (fits) orders++;
          expect(isContradictory(events, slackMs)).toBe(!fits);
        }),
        run,
      );
      expect(orders / RUNS).toBeGreaterThan(0.1);
      expect(orders / RUNS).toBeLessThan(0.9);
    },
    TIME_LIMIT_MS,
  );

  it('is searched only as long as it may be, and not at all where that would not do', () => {
    const sale = { kind: 'take', tickets: 2, low: 0, high: 0 } as const;
    const sales = Array.from({ length: 10 }, (_, k) => ({
      ...sale,
      start: 10 * k,
      end: 10 * k + 1,
    }));
    const look = { kind: 'see', tickets: 0, start: 0, end: 91, low: 0, high: 0 } as const;
    const found = (events: readonly Event[], looksMax: number) =>
      searchOrder(stockOf(events), sightingsOf(events), { slackMs: 0, looksMax });
    const atOnce = sales.map((each) => ({ ...each, start: 0, end: 9 }));
    const late = { ...look, start: 20, end: 30, low: 20, high: 20 };
    expect(found([...atOnce, late], 200)).toBe(true);
    expect(found([...atOnce, late], 60)).toBe(false);
    // Ten sales beside ten looks and a tenth of a sale, all told: 101.1.
    const beside = [...sales, ...Array.from({ length: 10 }, () => look)];
    expect(found(beside, 102)).toBe(true);
    expect(found(beside, 101)).toBe(false);
    expect(found([{ ...sale, start: 5, end: 5 }], 2)).toBe(true);
  });
});
