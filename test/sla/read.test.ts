import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageFailure } from '../../lib/model/failure.ts';
import { readSla, SLA_BYTES_MAX } from '../../lib/sla/load.ts';

const known = { invariants: [] };
const good = 'apiVersion: onsale/v1\nobjectives: [{id: a, kind: invariants}]';

describe('readSla', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onsale-sla-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (name: string, content?: string | Uint8Array) => {
    const path = join(folder, name);
    if (content !== undefined) await writeFile(path, content);
    return readSla(path, known);
  };

  it('reads a file', async () => {
    const sla = await read('good.yaml', good);
    expect(sla.objectives).toEqual([{ id: 'a', kind: 'invariants' }]);
  });

  it.each([
    ['missing.yaml', undefined, 'no file of that name'],
    ['', undefined, 'a folder'],
    ['good.yaml/inside', undefined, 'no file of that name'],
    ['empty.yaml', '', 'an empty file'],
    ['latin1.yaml', Uint8Array.of(0x61, 0xe9, 0x62), 'bytes that are not UTF-8'],
    ['large.yaml', '#'.repeat(SLA_BYTES_MAX + 1), `more than ${SLA_BYTES_MAX} bytes`],
  ])('%j', async (name, content, got) => {
    await expect(read(name, content)).rejects.toThrow(UsageFailure);
    await expect(read(name)).rejects.toThrow(got);
  });

  it('does not read a device to its end', async () => {
    await expect(readSla('/dev/zero', known)).rejects.toThrow('more than');
  });
});
