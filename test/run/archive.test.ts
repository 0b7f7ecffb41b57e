import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { takeFromArchive } from '../../lib/run/archive.ts';
import { makeTarGz, makeZip } from './make-archive.ts';

const bytesMax = 100_000;
const fromTar = (packed: Buffer, entry: string) =>
  takeFromArchive(packed, { format: 'tar.gz', entry, bytesMax });
const fromZip = (packed: Buffer, entry: string) =>
  takeFromArchive(packed, { format: 'zip', entry, bytesMax });

const anyEntries = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z./]{1,60}$/).map((name) => `d/${name}`),
    content: fc.string({ maxLength: 2000 }),
    stored: fc.boolean(),
  }),
  { selector: ({ name }) => name, maxLength: 5 },
);

describe('takeFromArchive', () => {
  test('gives every entry back, from both formats', async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries, async (entries) => {
        const tar = await makeTarGz(entries);
        const zip = makeZip(entries);
        for (const { name, content } of entries) {
          expect((await fromTar(tar, name))?.toString()).toBe(content);
          expect((await fromZip(zip, name))?.toString()).toBe(content);
        }
        expect(await fromTar(tar, 'other')).toBeNull();
        expect(await fromZip(zip, 'other')).toBeNull();
      }),
      { numRuns: 40 },
    );
  });

  test('reads what the system tar writes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onsale-test-tar-'));
    try {
      await writeFile(join(folder, 'k6'), 'binary');
      const packed = join(folder, 'a.tgz');
      expect(spawnSync('tar', ['-czf', packed, '-C', folder, './k6']).status).toBe(0);
      expect((await fromTar(await readFile(packed), 'k6'))?.toString()).toBe('binary');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('links are no files', async () => {
    const tar = await makeTarGz([{ name: 'k6', content: '', link: '/etc/passwd' }]);
    expect(await fromTar(tar, 'k6')).toBeNull();
    const zip = makeZip([{ name: 'k6', content: '/etc/passwd', mode: 0o120777 }]);
    expect(await fromZip(zip, 'k6')).toBeNull();
  });

  test('what comes out is capped', async () => {
    const content = ' '.repeat(bytesMax + 1);
    await expect(fromTar(gzipSync(content), 'k6')).rejects.toThrow(/damaged/);
    await expect(fromZip(makeZip([{ name: 'k6', content }]), 'k6')).rejects.toThrow(/damaged/);
  });

  test('a tar that is cut inside its packing is damaged', async () => {
    for (const cutAt of [513, 600, 1211]) {
      const packed = await makeTarGz([{ name: 'k6', content: 'x'.repeat(700) }], cutAt);
      await expect(fromTar(packed, 'k6')).rejects.toThrow(/cut off/);
    }
  });

  test('cut anywhere, it is an error or nothing, never a part of the file', async () => {
    const content = 'x'.repeat(700);
    const zip = makeZip([{ name: 'k6', content }]);
    const tar = await makeTarGz([{ name: 'k6', content }]);
    for (const [whole, take] of [
      [zip, fromZip],
      [tar, fromTar],
    ] as const) {
      for (let length = 0; length < whole.length; length++) {
        const taken = await take(whole.subarray(0, length), 'k6').catch((error: Error) => {
          expect(error.message).toMatch(/damaged/);
          return null;
        });
        expect([undefined, content]).toContain(taken?.toString());
      }
    }
  });
});
