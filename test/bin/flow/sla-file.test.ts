import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSlaFile } from '../../../bin/flow/sla-file.ts';
import { UsageFailure } from '../../../lib/model/failure.ts';

const good = 'apiVersion: onsale/v1\nobjectives: [{id: a, kind: invariants}]';

describe('readSlaFile', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onsale-sla-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives the text and what it says', async () => {
    const path = join(folder, 'good.yaml');
    await writeFile(path, good);
    const { text, sla } = await readSlaFile(path);
    expect(text).toBe(good);
    expect(sla.objectives).toEqual([{ id: 'a', kind: 'invariants' }]);
  });

  it.each([
    ['missing.yaml', null],
    ['.', null],
    ['empty.yaml', ''],
    ['latin1.yaml', Uint8Array.of(0x61, 0xe9, 0x62)],
    ['large.yaml', '#'.repeat(256 * 1024 + 1)],
    ['unknown-invariant.yaml', good.replace('invariants}', 'invariants, only: [oversel]}')],
  ])('refuses %s', async (name, content) => {
    const path = join(folder, name);
    if (content !== null) await writeFile(path, content);
    await expect(readSlaFile(path)).rejects.toThrow(UsageFailure);
  });

  it('does not read a device', async () => {
    await expect(readSlaFile('/dev/zero')).rejects.toThrow(UsageFailure);
  });
});
