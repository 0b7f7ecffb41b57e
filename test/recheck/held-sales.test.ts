import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Violation } from '../../lib/certificates/proof.ts';
import { operationAt } from '../../lib/history/history.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import { decideAll } from '../../lib/invariants/registry.ts';
import { evidenceOf, heldSale } from '../invariants/held-sales.ts';
import { oracleRuns, SEED } from '../invariants/oracle-runs.ts';
import { certified, newFolder, recheckOf, violationsOf, writeRun } from './certified.ts';

const RUNS = oracleRuns(200);
const TIME_LIMIT_MS = 60_000 + RUNS * 60;
const run = { numRuns: RUNS, seed: SEED };

const claims = [
  ...(['oversell-final', 'oversell-instant', 'double-allocation', 'lost-purchase'] as const),
  ...(['refused-but-sold', 'partial-purchase', 'stock-conservation', 'false-sold-out'] as const),
  ...(['buyer-limit', 'leaked-hold', 'paid-after-expiry', 'illegal-transition'] as const),
  'sale-window',
];

const withClock = (evidence: Evidence): Evidence => ({
  ...evidence,
  clockErrorMs: Math.max(evidence.clockErrorMs, 1),
});

describe(`sales with holds, seed ${SEED}`, () => {
  it(
    'whatever the judge finds violated is certified, and its run bears that out',
    async () => {
      const folder = await newFolder();
      const found = new Set<string>();
      await fc.assert(
        fc.asyncProperty(heldSale(8), fc.boolean(), async (small, withState) => {
          const evidence = withClock(evidenceOf(small, withState));
          const violations = violationsOf(evidence, claims);
          if (violations.length === 0) return;
          await rm(join(folder, 'state.json'), { force: true });
          const files = await writeRun(evidence, folder);
          for (const finding of violations) {
            found.add(finding.invariant);
            const certificate = certified(evidence, finding, files);
            const result = await recheckOf(certificate, folder, folder);
            expect(result, result.lines.join('\n')).toMatchObject({ code: 0 });
          }
        }),
        run,
      );
      expect(found.size).toBeGreaterThan(claims.length / 2);
    },
    TIME_LIMIT_MS,
  );

  it(
    'whatever the judge does not find violated is proved by no certificate, forged for it as it would be if it were',
    async () => {
      const folder = await newFolder();
      await fc.assert(
        fc.asyncProperty(heldSale(8), fc.nat(), async (small, at) => {
          const evidence = withClock(evidenceOf(small, true));
          if (evidence.history.length === 0) return;
          const files = await writeRun(evidence, folder);
          for (const { invariant, value } of decideAll(evidence, claims)) {
            if (value === 'violated') continue;
            const certificate = certified(evidence, accusation(invariant, evidence, at), files);
            for (const folderOfRun of [null, folder]) {
              const { code, lines } = await recheckOf(certificate, folder, folderOfRun);
              expect(code, `${invariant}\n${lines.join('\n')}`).not.toBe(0);
            }
          }
        }),
        { ...run, numRuns: oracleRuns(60) },
      );
    },
    TIME_LIMIT_MS,
  );
});

/** A finding without a ground, about some operation and row that there are. */
function accusation(invariant: string, evidence: Evidence, at: number): Violation {
  const { history, state } = evidence;
  const rows = state!.orders;
  const place = at % Math.max(rows.length, 1);
  return {
    invariant,
    value: 'violated',
    count: 1,
    summary: '',
    witness: {
      operations: [operationAt(history, at % history.length)],
      rows: at % 2 === 0 ? rows.slice(place, place + 1) : [],
      pools: [{ id: 'A', capacity: evidence.fixture.pools[0]!.capacity, remaining: null }],
      figures: { capacity: evidence.fixture.pools[0]!.capacity, heldMost: at % 4 },
    },
  };
}
