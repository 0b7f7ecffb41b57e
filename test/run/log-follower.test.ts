import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { followLog } from '../../lib/run/log-follower.ts';
import { temporaryFolder } from './play.ts';

test('every whole line comes once, however the bytes arrive', async () => {
  const folder = await temporaryFolder();
  let file = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('', 'a', 'ü🎫', 'x'.repeat(300_000)), { maxLength: 6 }),
      fc.array(fc.nat(400_000), { maxLength: 6 }),
      async (lines, cuts) => {
        file += 1;
        const path = join(folder, String(file));
        const follower = followLog(path);
        const bytes = Buffer.from(lines.map((l) => `${l}\n`).join(''));
        const ends = [...cuts.map((c) => Math.min(c, bytes.length)), bytes.length].sort(
          (a, b) => a - b,
        );
        const seen: string[] = await follower.read();
        let from = 0;
        for (const end of ends) {
          await appendFile(path, bytes.subarray(from, end));
          seen.push(...(await follower.read()));
          from = end;
        }
        await follower.close();
        expect(seen).toEqual(lines);
      },
    ),
    { numRuns: 60 },
  );
});

test('half a line waits for its end', async () => {
  const path = join(await temporaryFolder(), 'log');
  const follower = followLog(path);
  await appendFile(path, 'one\ntw');
  expect(await follower.read()).toEqual(['one']);
  expect(await follower.read()).toEqual([]);
  await appendFile(path, 'o\n');
  expect(await follower.read()).toEqual(['two']);
  await follower.close();
});
