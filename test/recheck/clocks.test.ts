import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NO_ORDER_MS } from '../../lib/invariants/clocks.ts';
import { sale } from '../invariants/notation.ts';
import { certified, newFolder, recheckOf, violationsOf, writeRun } from './certified.ts';

/** Rechecked in a run that measured its clock, or did not look. */
async function rechecked(clockErrorMs: number, clock?: Record<string, unknown>) {
  const evidence = {
    ...sale('A 1; b1 buy A [0,5] ok; b2 buy A [1,6] ok; F: b1×1 A, b2×1 A'),
    clockErrorMs,
  };
  const folder = await newFolder();
  const files = await writeRun(evidence, folder);
  const load = { complete: true, recorded: evidence.history.length, clock };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ load }));
  const [violation] = violationsOf(evidence, ['oversell-final']);
  const { code, lines } = await recheckOf(certified(evidence, violation!, files), folder, folder);
  return { code, isTooSure: lines.join().includes('no clock of the run is that sure') };
}

const fine = { code: 0, isTooSure: false };
const tooSure = { code: 1, isTooSure: true };

test('a certificate may trust the clock of its run no further than it was measured', async () => {
  expect(await rechecked(1)).toEqual(fine);
  expect(await rechecked(0.5)).toEqual(tooSure);
  const jumped = { samples: 9, deviationMsMax: 2000 };
  expect(await rechecked(2000.5, jumped)).toEqual(tooSure);
  expect(await rechecked(2001, jumped)).toEqual(fine);
  const drifted = { ...jumped, targetDriftMs: 30 };
  expect(await rechecked(2030.5, drifted)).toEqual(tooSure);
  expect(await rechecked(2031, drifted)).toEqual(fine);
});

test('one that takes no order from its clocks is as good as any', async () => {
  expect(await rechecked(NO_ORDER_MS, { samples: 9, deviationMsMax: 7_200_000 })).toEqual(fine);
});
