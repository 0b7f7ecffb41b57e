import { expect, it } from 'vitest';
import { operationAt } from '../../lib/history/history.ts';
import { decideAll } from '../../lib/invariants/registry.ts';
import { saleOf } from '../../lib/invariants/sale.ts';
import { keyOf, sale } from '../invariants/notation.ts';
import { certified, newFolder, recheckOf, writeRun } from './certified.ts';

/** Whether recheck proves that b3 was turned away from pool A last by a lie: by itself, and held against the run. */
async function proved(notation: string): Promise<boolean[]> {
  const evidence = sale(notation);
  const { history } = evidence;
  const folder = await newFolder();
  const files = await writeRun(evidence, folder);
  const { id, capacity } = saleOf(evidence).pools[0]!;
  const operations = Array.from({ length: history.length }, (_, i) => operationAt(history, i));
  const refusal = operations.findLast(({ pool, intent }) => pool === id && intent === keyOf('b3'))!;
  const certificate = certified(
    evidence,
    {
      ...{ invariant: 'false-sold-out', value: 'violated', count: 1, summary: '' },
      witness: {
        ...{ operations: [refusal], rows: [], pools: [{ id, capacity, remaining: null }] },
        figures: { capacity, heldMost: 0 },
      },
    },
    files,
  );
  const codes = [];
  for (const run of [null, folder]) codes.push((await recheckOf(certificate, folder, run)).code);
  return codes.map((code) => code === 0);
}

const found = (notation: string) => decideAll(sale(notation), ['false-sold-out'])[0]!.value;

it.each([
  [
    'in the same pool',
    'A 1; clock 1; b1 buy A [0,1] ok; b3 buy A [3,5] refused; b1 cancel A [8,10] ok; b3 buy A [20,25] refused; F: b1×1 A cancelled',
  ],
  ['without an answer', 'A 3; clock 1; b3 buy A [0,5] info; b3 buy A [20,25] refused; F:'],
  ['in another pool', 'A 3; B 0; clock 1; b3 buy B [0,5] refused; b3 buy A [20,25] refused; F:'],
  [
    'in another pool, begun within the clock error',
    'A 3; B 0; clock 1; b3 buy A [20,25] refused; b3 buy B [27,30] refused; F:',
  ],
])('a refusal beside another try of its key, %s, may be that one told again', async (_, told) => {
  expect(found(told)).not.toBe('violated');
  expect(await proved(told)).toEqual([false, false]);
});

it('a refusal that was over before any other try of its key began is told by nobody before', async () => {
  const before = 'A 3; B 0; clock 1; b3 buy A [20,25] refused; b3 buy B [28,30] refused; F:';
  expect(found(before)).toBe('violated');
  expect(await proved(before)).toEqual([false, true]);
});
