import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { exampleNames, examplesFolder, judgeExample } from '../../examples/judged.ts';
import type { Verdict } from '../../lib/model/verdict.ts';
import { exitCodes } from '../../lib/verdict/exit-codes.ts';

const names = await exampleNames();
const expected = (name: string) => readFile(join(examplesFolder, name, 'verdict.json'), 'utf8');

async function packed(folder: string, name: string): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, gzipSync(await readFile(path)));
  await rename(path, `${path}.gz`);
}

describe('the examples', () => {
  test('are those that the README names', async () => {
    const readme = await readFile(join(examplesFolder, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name!);
    expect(named.toSorted()).toEqual(names);
  });

  test.each(names)('%s gets the verdict that is checked in, byte for byte', async (name) => {
    const { code, verdict } = await judgeExample(name);
    // If the change is meant: npx tsx examples/update.ts
    expect(verdict).toBe(await expected(name));
    expect(code).toBe(exitCodes[(JSON.parse(verdict) as Verdict).result]);
  });

  test.each(['correct-burst', 'oversold-burst'])(
    '%s packed gets the same verdict',
    async (name) => {
      const { verdict } = await judgeExample(name, async (folder) => {
        for (const file of ['history.ndjson', 'state.json', 'intents.json', 'fixture.json']) {
          await packed(folder, file);
        }
      });
      expect(verdict).toBe(await expected(name));
    },
  );

  test('correct-burst without its last line does not pass', async () => {
    const { code } = await judgeExample('correct-burst', async (folder) => {
      const path = join(folder, 'history.ndjson');
      const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
      await writeFile(path, `${lines.slice(0, -1).join('\n')}\n`);
    });
    expect(code).toBe(exitCodes.inconclusive);
  });

  test.each(names)('%s tells nothing of the machine it was recorded on', async (name) => {
    for (const file of await readdir(join(examplesFolder, name))) {
      const text = await readFile(join(examplesFolder, name, file), 'utf8');
      expect(text).not.toMatch(/\/(tmp|root|home|work|Users)\b|postgres(ql)?:|password/i);
      for (const own of [hostname(), homedir()].filter((word) => word.length > 3)) {
        expect(text).not.toContain(own);
      }
      for (const [address] of text.matchAll(/https?:\/\/[^\s"/:]+/g)) {
        expect(address).toBe('http://127.0.0.1');
      }
    }
  });
});
