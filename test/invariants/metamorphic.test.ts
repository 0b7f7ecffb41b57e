import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAll } from '../../lib/invariants/registry.ts';
import type { Finding } from '../../lib/model/finding.ts';
import { oracleRuns, SEED } from './oracle-runs.ts';
import type { Sizes, SmallSale } from './small-sales.ts';
import { evidenceFrom, smallSale } from './small-sales.ts';

const SALES = oracleRuns(400);
const TIME_LIMIT_MS = 60_000 + SALES * 10;
const murky: Sizes = { operationsMax: 7, quantityMax: 3, poolsMax: 2, retries: true, murky: true };

function findingsOf(small: SmallSale): Finding[] {
  return decideAll(evidenceFrom(small));
}

function accusersOf(small: SmallSale): string[] {
  return findingsOf(small)
    .filter(({ value }) => value === 'violated')
    .map(({ invariant }) => invariant);
}

/** What must not depend on names and on the hour: all but the texts and the choice among equals. */
function gistOf(small: SmallSale) {
  return findingsOf(small).map((finding) => ({
    invariant: finding.invariant,
    value: finding.value,
    count: finding.value === 'violated' ? finding.count : 0,
    figures: finding.witness?.figures,
  }));
}

function property(...parts: Parameters<typeof checkWith>): void {
  it(parts[0], () => checkWith(...parts), TIME_LIMIT_MS);
}

function checkWith(_: string, holdsFor: (small: SmallSale, at: number) => void): void {
  fc.assert(fc.property(smallSale(murky), fc.nat(20), holdsFor), { numRuns: SALES, seed: SEED });
}

function withOperations(
  small: SmallSale,
  change: (each: SmallSale['operations'][number], i: number) => SmallSale['operations'][number],
): SmallSale {
  return { ...small, operations: small.operations.map(change) };
}

function relabelled(small: SmallSale): SmallSale {
  const swap = (text: string) => `x${[...text].reverse().join('')}`;
  return {
    ...small,
    operations: small.operations.map((each) => ({
      ...each,
      session: each.session + 7,
      reply: 'other words',
    })),
    rows: small.rows.map((row) => ({ ...row, id: swap(row.id), buyer: swap(row.buyer) })),
  };
}

/** Keys keep their form, or a row could not be told from a stranger's. */
function rekeyed(small: SmallSale): SmallSale {
  const key = (old: string) => old.replace(/\d+$/, (digits) => String(9000 - Number(digits) * 7));
  return {
    ...small,
    operations: small.operations.map((each) => ({ ...each, intent: key(each.intent) })),
    rows: small.rows.map((row) => ({ ...row, intent: row.intent && key(row.intent) })),
  };
}

describe(`what must never create a violation, seed ${SEED}`, () => {
  property('a wider interval', (small, at) => {
    const wider = withOperations(small, (each, i) =>
      i === at % small.operations.length
        ? { ...each, start: each.start - at, end: each.end + 3 }
        : each,
    );
    expect(accusersOf(small)).toEqual(expect.arrayContaining(accusersOf(wider)));
  });

  property('a larger clock error', (small, at) => {
    const wider = { ...small, clockErrorMs: small.clockErrorMs + at };
    expect(accusersOf(small)).toEqual(expect.arrayContaining(accusersOf(wider)));
  });

  property('a reply that was lost', (small, at) => {
    const lost = withOperations(small, (each, i) =>
      i === at % small.operations.length && each.outcome === 'ok'
        ? { ...each, outcome: 'info', reason: 'timeout' }
        : each,
    );
    expect(accusersOf(small)).toEqual(expect.arrayContaining(accusersOf(lost)));
  });

  property('a history known to be incomplete, a read-back known to be unsettled', (small) => {
    const less = { ...small, historyComplete: false, exhaustive: false, keepsCancelled: false };
    expect(accusersOf(small)).toEqual(expect.arrayContaining(accusersOf(less)));
  });
});

describe(`what must change nothing, seed ${SEED}`, () => {
  property('another hour', (small, at) => {
    const shifted = withOperations(small, (each) => ({
      ...each,
      start: each.start + at * 1000,
      end: each.end + at * 1000,
    }));
    expect(gistOf(shifted)).toEqual(gistOf(small));
  });

  property('other sessions, row ids, buyers and replies', (small) => {
    expect(gistOf(relabelled(small))).toEqual(gistOf(small));
  });

  property('other keys of intents', (small) => {
    expect(gistOf(rekeyed(small)).map(({ figures: _, ...gist }) => gist)).toEqual(
      gistOf(small).map(({ figures: _, ...gist }) => gist),
    );
  });

  property('pools in another order', (small) => {
    const swapped = {
      ...small,
      capacities: [...small.capacities].reverse(),
      drift: [...small.drift].reverse(),
      operations: small.operations.map((each) => ({ ...each, pool: other(each.pool) })),
      rows: small.rows.map((row) => ({ ...row, pool: other(row.pool) })),
    };
    const values = (each: SmallSale) => gistOf(each).map(({ value, count }) => [value, count]);
    expect(values(swapped)).toEqual(values(small));
  });

  property('lines and rows in another order', (small) => {
    const reversed = {
      ...small,
      operations: [...small.operations].reverse(),
      rows: [...small.rows].reverse(),
    };
    expect(gistOf(reversed)).toEqual(gistOf(small));
  });
});

function other(pool: string): string {
  return pool === 'pool-0' ? 'pool-1' : 'pool-0';
}
