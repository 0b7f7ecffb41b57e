import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Invariant } from '../../lib/invariants/invariant.ts';
import { nonMonotonicAvailability } from '../../lib/invariants/non-monotonic-availability.ts';
import { readYourWrites } from '../../lib/invariants/read-your-writes.ts';
import { staleAvailability } from '../../lib/invariants/stale-availability.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { oracleRuns, SEED } from './oracle-runs.ts';
import { CAPACITY, evidenceOf, type ReadSale, readSale } from './small-reads.ts';

const RUNS = oracleRuns(500);
const TIME_LIMIT_MS = 60_000 + RUNS * 20;
const run = { numRuns: RUNS, seed: SEED };
const decisionOf = (invariant: Invariant, reads: ReadSale) =>
  invariant.decide(evidenceOf(reads)).value;

/** Tries every order that agrees with time and every choice of what had no reply. It knows no bounds and no pairs. */
function hasOrderOf({ operations, clockErrorMs }: ReadSale): boolean {
  const extend = (
    open: readonly Operation[],
    left: number,
    owned: ReadonlySet<string>,
  ): boolean => {
    if (open.every(({ outcome }) => outcome === 'info')) return true;
    return open.some((next) => {
      const isLate = ({ outcome, end }: Operation) =>
        outcome === 'ok' && end + clockErrorMs < next.start - clockErrorMs;
      if (open.some(isLate)) return false;
      const rest = open.filter((each) => each !== next);
      if (next.kind === 'availability') return next.value === left && extend(rest, left, owned);
      if (next.kind === 'purchase') {
        return extend(rest, left - next.quantity, new Set([...owned, next.intent]));
      }
      // A shop is glad to cancel what is not there yet.
      if (!owned.has(next.intent)) return extend(rest, left, owned);
      const fewer = new Set([...owned].filter((intent) => intent !== next.intent));
      return extend(rest, left + next.quantity, fewer);
    });
  };
  return extend(operations, CAPACITY, new Set());
}

const all = [staleAvailability, nonMonotonicAvailability, readYourWrites];

describe(`claims about reads, seed ${SEED}`, () => {
  it(
    'accuse no sale that has an order, and find none to hold that has none',
    () => {
      let orders = 0;
      fc.assert(
        fc.property(readSale(3), (reads) => {
          const has = hasOrderOf(reads);
          if (has) orders++;
          const values = all.map((invariant) => decisionOf(invariant, reads));
          if (has) expect(values).not.toContain('violated');
          else expect(values[0]).not.toBe('holds');
        }),
        run,
      );
      expect(orders / RUNS).toBeGreaterThan(0.1);
      expect(orders / RUNS).toBeLessThan(0.95);
    },
    TIME_LIMIT_MS,
  );

  it(
    'accuse every sale of single tickets that has no order, but for tickets that came back',
    () => {
      fc.assert(
        fc.property(readSale(1), (reads) => {
          const sold = {
            ...reads,
            operations: reads.operations.filter(({ kind }) => kind !== 'cancel'),
          };
          expect(decisionOf(staleAvailability, sold) === 'violated').toBe(!hasOrderOf(sold));
        }),
        run,
      );
    },
    TIME_LIMIT_MS,
  );

  it(
    'accuse a stale read wherever one rises, or is blind to a purchase',
    () => {
      fc.assert(
        fc.property(readSale(3), (reads) => {
          const [stale, ...others] = all.map((invariant) => decisionOf(invariant, reads));
          if (others.includes('violated')) expect(stale).toBe('violated');
        }),
        run,
      );
    },
    TIME_LIMIT_MS,
  );

  const changes: Readonly<Record<string, (each: Operation, at: number) => Operation>> = {
    'a wider interval': (each, at) => ({ ...each, start: each.start - at, end: each.end + 1 }),
    'a reply that was lost': (each) =>
      each.kind === 'availability' ? each : { ...each, outcome: 'info' },
  };
  it.each(Object.entries(changes))(
    '%s never creates a violation',
    (_, change) => {
      fc.assert(
        fc.property(readSale(3), fc.nat(6), (reads, at) => {
          const operations = reads.operations.map((each, i) =>
            i === at ? change(each, at) : each,
          );
          for (const invariant of all) {
            if (decisionOf(invariant, { ...reads, operations }) !== 'violated') continue;
            expect(decisionOf(invariant, reads)).toBe('violated');
          }
        }),
        run,
      );
    },
    TIME_LIMIT_MS,
  );

  it(
    'another hour and a larger clock error change nothing, or create no violation',
    () => {
      fc.assert(
        fc.property(readSale(3), fc.nat(3), (reads, more) => {
          const later = reads.operations.map((each) => ({
            ...each,
            start: each.start + 5000,
            end: each.end + 5000,
          }));
          const wider = { ...reads, clockErrorMs: reads.clockErrorMs + more };
          for (const invariant of all) {
            const value = decisionOf(invariant, reads);
            expect(decisionOf(invariant, { ...reads, operations: later })).toBe(value);
            if (value !== 'violated') expect(decisionOf(invariant, wider)).not.toBe('violated');
          }
        }),
        run,
      );
    },
    TIME_LIMIT_MS,
  );
});
