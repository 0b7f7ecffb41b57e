import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideAll } from '../../lib/invariants/registry.ts';
import { oracleRuns, SEED } from '../invariants/oracle-runs.ts';
import { evidenceOf, readSale } from '../invariants/small-reads.ts';
import { certified, newFolder, recheckOf, violationsOf, writeRun } from './certified.ts';

const RUNS = oracleRuns(200);
const TIME_LIMIT_MS = 60_000 + RUNS * 60;
const CLAIMS = ['stale-availability', 'non-monotonic-availability', 'read-your-writes'];

it(
  `every wrong read of random sales is certified, by itself where all is shown, seed ${SEED}`,
  async () => {
    const folder = await newFolder();
    let found = 0;
    await fc.assert(
      fc.asyncProperty(readSale(3), async (reads) => {
        const evidence = evidenceOf({ ...reads, clockErrorMs: Math.max(1, reads.clockErrorMs) });
        const violations = violationsOf(evidence, CLAIMS);
        const files = await writeRun(evidence, folder);
        for (const finding of violations) {
          found++;
          const certificate = certified(evidence, finding, files);
          const { counts, operations } = certificate;
          const byRun = await recheckOf(certificate, folder, folder);
          expect(byRun, byRun.lines.join('\n')).toMatchObject({ code: 0 });
          const byItself = await recheckOf(certificate, folder);
          const isWhole = operations.length === counts.operations;
          expect(byItself.code, byItself.lines.join('\n')).toBe(isWhole ? 0 : 1);
        }
        for (const { invariant, value } of decideAll(evidence, CLAIMS)) {
          if (value === 'violated' || violations.length === 0) continue;
          const forged = { ...certified(evidence, violations[0]!, files), invariant };
          expect((await recheckOf(forged, folder, folder)).code).not.toBe(0);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(found).toBeGreaterThan(RUNS / 20);
  },
  TIME_LIMIT_MS,
);
