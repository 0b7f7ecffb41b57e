import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { historyOf } from '../../lib/history/columns.ts';
import { operationLine } from '../../lib/history/line.ts';
import { readHistory } from '../../lib/history/read.ts';
import { UNPACKED_BYTES_MIN, UNPACKED_RATIO_MAX } from '../../lib/history/source.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import { anOperation, operations } from './operations.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'onsale-source-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const lines = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    operationLine({ ...anOperation, intent: `key-${i}`, start: i, end: i + 7 }),
  ).join('\n');

describe('a packed history', () => {
  it('reads as what was packed, under any name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operations, { maxLength: 8 }), async (list) => {
        const packed = gzipSync(list.map((one) => `${operationLine(one)}\n`).join(''));
        const { history, damaged } = await readHistory(written('packed.ndjson', packed));
        expect(damaged).toBe(0);
        expect(history).toEqual(historyOf(list));
      }),
      { numRuns: 30 },
    );
  });

  it('reads the same as the plain one over many chunks, in several members', async () => {
    const text = lines(40_000);
    const half = text.indexOf('\n', text.length / 2) - 9;
    const packed = Buffer.concat([gzipSync(text.slice(0, half)), gzipSync(text.slice(half))]);
    const [plain, unpacked] = [
      await readHistory(written('large.ndjson', text)),
      await readHistory(written('large-packed.ndjson', packed)),
    ];
    expect(plain.history.length).toBe(40_000);
    expect(unpacked).toEqual(plain);
  });

  it('is found as <path>.gz, unless there is a plain one', async () => {
    written('both.ndjson.gz', gzipSync(lines(2)));
    expect((await readHistory(join(folder, 'both.ndjson'))).history.length).toBe(2);
    written('both.ndjson', lines(1));
    expect((await readHistory(join(folder, 'both.ndjson'))).history.length).toBe(1);
  });

  it('is refused, cut at any byte or damaged, and never taken for a shorter one', async () => {
    const whole = gzipSync(lines(50));
    for (let length = 3; length < whole.length; length += 37) {
      const cut = written('cut.ndjson.gz', whole.subarray(0, length));
      await expect(readHistory(cut)).rejects.toThrow(/cut or damaged/);
    }
    const damaged = Buffer.from(whole);
    damaged[damaged.length >> 1]! ^= 0xff;
    const path = written('damaged.ndjson.gz', damaged);
    await expect(readHistory(path)).rejects.toThrow(UsageFailure);
  });

  it('is refused where it was made to unpack to more than any history does', async () => {
    const bytes = UNPACKED_BYTES_MIN + (1 << 20);
    const bomb = gzipSync(Buffer.alloc(bytes, '\n'));
    expect(bytes / bomb.length).toBeGreaterThan(UNPACKED_RATIO_MAX);
    await expect(readHistory(written('bomb.gz', bomb))).rejects.toThrow(
      /unpacks to over 67108864 bytes/,
    );
  });

  it('is plain where only its beginning looks packed', async () => {
    const { damaged } = await readHistory(written('one-byte.ndjson', Buffer.from([0x1f])));
    expect(damaged).toBe(1);
  });
});

it('does not wait for ever at a pipe that nobody writes to', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await expect(readHistory(pipe)).rejects.toThrow(/got a device, pipe or socket/);
});
