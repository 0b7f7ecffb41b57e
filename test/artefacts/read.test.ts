import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseArtefact, readArtefact, readArtefactText } from '../../lib/artefacts/read.ts';
import { writeArtefact } from '../../lib/artefacts/write.ts';
import { UsageFailure } from '../../lib/model/failure.ts';

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  inner: z.strictObject({ count: z.int() }),
  rest: z.json().optional(),
});
const good = { schemaVersion: 1 as const, inner: { count: 3 } };
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsale-test-read-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function failureOf(content: string | Uint8Array, bytesMax = 1_000_000) {
  const path = join(folder, 'bad.json');
  await writeFile(path, content);
  return failureAt(path, bytesMax);
}

async function failureAt(path: string, bytesMax = 1_000_000) {
  const failure = await readArtefact(path, schema, 'a thing', { bytesMax }).catch(
    (reason: unknown) => reason,
  );
  expect(failure).toBeInstanceOf(UsageFailure);
  const { parts } = failure as UsageFailure;
  expect(parts.expected).toBe('a thing');
  expect(parts.where).toBe(path);
  expect(parts.remedy).not.toBe('');
  return parts.got;
}

describe('readArtefact', () => {
  test('gives back what was written, plain, packed, and packed under its other name', async () => {
    const json = JSON.stringify(good);
    await writeArtefact(join(folder, 'plain.json'), json);
    await writeArtefact(join(folder, 'packed.json'), gzipSync(json));
    await writeArtefact(join(folder, 'other.json.gz'), gzipSync(json));
    for (const name of ['plain.json', 'packed.json', 'other.json', 'other.json.gz']) {
      expect(await readArtefact(join(folder, name), schema, 'a thing')).toEqual(good);
    }
  });

  test('any JSON value survives the way out and back', async () => {
    const path = join(folder, 'any.json');
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.boolean(), async (rest, packed) => {
        fc.pre(!JSON.stringify(rest).includes('__proto__'));
        const json = JSON.stringify({ ...good, rest });
        await writeArtefact(path, packed ? gzipSync(json) : json);
        const back = await readArtefact(path, schema, 'a thing');
        expect(JSON.stringify(back)).toBe(json);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['an empty file', '', /an empty file/],
    ['only white space', ' \n', /an empty file/],
    ['a cut file', JSON.stringify(good).slice(0, -4), /ends too early/],
    ['a cut string', '{"schemaVersion": "abc', /ends too early/],
    ['HTML', '<html>\u001b[31m</html>', /no JSON/],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00]), /no UTF-8/],
    ['a newer file', '{"schemaVersion": 2, "unheard": true}', /newer Onsale/],
    ['a wrong type', '{"schemaVersion": 1, "inner": {"count": "3"}}', /`inner.count`/],
    ['an unknown key', '{"schemaVersion": 1, "inner": {"count": 3, "x": 1}}', /`inner`.*"x"/],
    ['a list', '[]', /at the top/],
    ['null', 'null', /at the top/],
    ['__proto__', '{"schemaVersion": 1, "__proto__": {}, "inner": {"count": 3}}', /__proto__/],
    [
      'deep __proto__',
      '{"schemaVersion": 1, "rest": [{"a": {"\\u005f_proto__": 1}}]}',
      /__proto__/,
    ],
    ['nothing but brackets', '['.repeat(200_000) + ']'.repeat(200_000), /at the top/],
    ['a cut packed file', gzipSync(JSON.stringify(good)).subarray(0, 20), /cut or damaged/],
    ['a damaged packed file', new Uint8Array([0x1f, 0x8b, 1, 2, 3, 4]), /cut or damaged/],
  ])('refuses %s', async (_name, content, got) => {
    expect(await failureOf(content)).toMatch(got);
  });

  test('any cut of a good file is refused', async () => {
    const json = JSON.stringify(good);
    for (let length = 0; length < json.length; length++) {
      expect(() => parseArtefact(json.slice(0, length), schema, 'a thing', 'x')).toThrow(
        UsageFailure,
      );
    }
  });

  test('control characters of the file do not reach the message', async () => {
    const json = JSON.stringify({ ...good, '\u001b[31mred\u202e': 1 });
    expect(await failureOf(json)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('refuses too many bytes, and a small file that unpacks to too many', async () => {
    expect(await failureOf(' '.repeat(1001), 1000)).toMatch(/1001 bytes/);
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await failureOf(bomb)).toMatch(/unpack to over 1000000/);
  });

  test('refuses what is no file, without waiting on a pipe', async () => {
    expect(await failureAt(join(folder, 'none.json'))).toBe('no such file');
    expect(await failureAt(join(folder, 'a\0b'))).not.toBe('');
    await mkdir(join(folder, 'folder.json'));
    expect(await failureAt(join(folder, 'folder.json'))).toBe('a folder');
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    expect(await failureAt(join(folder, 'pipe'))).toMatch(/pipe/);
  });
});

test('readArtefactText gives the text as it is', async () => {
  await writeFile(join(folder, 'text'), gzipSync('a: 1\n'));
  expect(await readArtefactText(join(folder, 'text'), 'a text')).toBe('a: 1\n');
});
