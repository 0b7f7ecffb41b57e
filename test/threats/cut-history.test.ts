import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeRun } from '../../bin/flow/judge.ts';
import { examplesFolder } from '../../examples/judged.ts';
import type { Finding } from '../../lib/model/finding.ts';
import type { Verdict } from '../../lib/model/verdict.ts';
import { oracleRuns, SEED } from '../invariants/oracle-runs.ts';

const CUTS = { numRuns: oracleRuns(40), seed: SEED };
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'onsale-cut-'));
});
afterAll(() => rm(root, { recursive: true }));

/** Copies an example and gives what judges it with only so many bytes of its history. */
async function cutting(name: string) {
  const folder = join(root, name);
  await cp(join(examplesFolder, name), folder, { recursive: true });
  const whole = await readFile(join(folder, 'history.ndjson'));
  const judged = async (bytes: number): Promise<Verdict> => {
    await writeFile(join(folder, 'history.ndjson'), whole.subarray(0, bytes));
    return (await judgeRun(folder)).verdict;
  };
  return { length: whole.length, judged };
}

const idsOf = ({ findings }: Verdict, value: Finding['value']) =>
  findings.filter((each) => each.value === value).map(({ invariant }) => invariant);

describe(`a recorded history cut at any byte, seed ${SEED}`, () => {
  test('of a correct sale accuses nobody and shows nothing', async () => {
    const { length, judged } = await cutting('correct-burst');
    // Without the last line break nothing is lacking.
    const bytes = fc.oneof(
      fc.nat(length - 2),
      fc.nat(200),
      fc.integer({ min: 1, max: 200 }).map((n) => length - 1 - n),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (cut) => {
        const verdict = await judged(cut);
        expect([idsOf(verdict, 'violated'), idsOf(verdict, 'holds')]).toEqual([[], []]);
        expect(verdict.result).not.toBe('pass');
      }),
      { ...CUTS, examples: [[0], [1], [length - 2]] },
    );
  });

  test('of an oversold sale never makes it hold', async () => {
    const { length, judged } = await cutting('oversold-burst');
    const wrong = idsOf(await judged(length), 'violated');
    expect(wrong).toContain('oversell-final');
    await fc.assert(
      fc.asyncProperty(fc.nat(length - 2), async (cut) => {
        const verdict = await judged(cut);
        expect(idsOf(verdict, 'holds')).toEqual([]);
        for (const id of idsOf(verdict, 'violated')) expect(wrong).toContain(id);
      }),
      CUTS,
    );
  });
});
