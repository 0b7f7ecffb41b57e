import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inParallel } from '../../lib/targets/in-parallel.ts';

test('never more at once than asked, results in the order of the items (property)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(5)),
      fc.integer({ min: 1, max: 8 }),
      async (items, parallel) => {
        let busy = 0;
        let most = 0;
        const results = await inParallel(items, parallel, async (item) => {
          most = Math.max(most, ++busy);
          for (let i = 0; i <= item; i++) await Promise.resolve();
          busy -= 1;
          return item * 2;
        });
        expect(results).toEqual(items.map((item) => item * 2));
        expect(most).toBe(Math.min(parallel, items.length));
      },
    ),
  );
});

test('the first error ends it, after what was begun has ended', async () => {
  const begun: number[] = [];
  let ended = 0;
  const work = inParallel([0, 1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    await new Promise((resolve) => setImmediate(resolve));
    ended += 1;
    if (item === 0) throw new Error('first');
  });
  await expect(work).rejects.toThrow('first');
  expect(begun.length).toBe(ended);
  expect(begun.length).toBeLessThan(6);
});
