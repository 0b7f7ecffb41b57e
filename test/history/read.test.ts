import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { historyOf, REPLIES_MAX, REPLY_NOT_KEPT } from '../../lib/history/columns.ts';
import { operationAt } from '../../lib/history/history.ts';
import { operationLine } from '../../lib/history/line.ts';
import { DAMAGE_SHOWN_MAX, readHistory } from '../../lib/history/read.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import { anOperation, operations } from './operations.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'onsale-history-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function reading(content: string | Buffer) {
  const path = join(folder, 'history.ndjson');
  writeFileSync(path, content);
  return readHistory(path);
}

const good = operationLine(anOperation);

describe('readHistory', () => {
  it('reads back whatever was written, in any order of lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operations, { maxLength: 8 }), async (list) => {
        const { history, damaged } = await reading(
          list.map((o) => `${operationLine(o)}\n`).join(''),
        );
        expect(damaged).toBe(0);
        expect(history).toEqual(historyOf(list.toReversed()));
        const read = Array.from({ length: history.length }, (_, i) => operationAt(history, i));
        const lines = (all: typeof list) => all.map((each) => operationLine(each)).sort();
        expect(lines(read)).toEqual(lines(list));
      }),
    );
  });

  it('finds an empty file empty, and whole', async () => {
    for (const content of ['', '\n', '\r\n\r\n', '  \n']) {
      const { history, damage, damaged } = await reading(content);
      expect([history.length, damage, damaged]).toEqual([0, [], 0]);
    }
  });

  it.each([
    ['LF', `${good}\n${good}\n`],
    ['CRLF', `${good}\r\n${good}\r\n`],
    ['no line break at the end', `${good}\n${good}`],
    ['a byte order mark', `\ufeff${good}\n${good}\n`],
    ['blank lines', `\n${good}\n\n\n${good}\n`],
  ])('reads lines with %s', async (_, content) => {
    const { history, damaged } = await reading(content);
    expect([history.length, damaged]).toEqual([2, 0]);
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['text', 'no JSON at all', /^not JSON: "no JSON at all"$/],
    ['a number', '7', /^no operation: /],
    ['null', 'null', /^no operation: /],
    ['a list', '[1]', /^no operation: /],
    ['an empty object', '{}', /^no operation: "session: /],
    ['an unknown key', good.replace('{', '{"more":1,'), /more/],
    ['a __proto__ key', good.replace('{', '{"__proto__":{"outcome":"ok"},'), /^no operation: /],
    ['a missing key', good.replace('"status":200,', ''), /status/],
    ['a number as text', good.replace('"status":200', '"status":"200"'), /status/],
    ['a text as number', good.replace('"pool":"A"', '"pool":1'), /pool/],
    ['a huge number', good.replace('"quantity":2', '"quantity":1e99'), /quantity/],
    ['an endless number', good.replace('"start":10', '"start":1e999'), /start/],
    ['a negative number', good.replace('"quantity":2', '"quantity":-2'), /quantity/],
    ['a session beyond the column', good.replace('"session":1', '"session":4294967297'), /session/],
    ['a fraction', good.replace('"quantity":2', '"quantity":1.5'), /quantity/],
    ['an unknown outcome', good.replace('"ok"', '"fine"'), /outcome/],
    ['a long key', good.replace('key-1', 'k'.repeat(201)), /intent/],
    ['a megabyte', `"${'x'.repeat(1_000_000)}"`, /^longer than/],
    ['ten megabytes', `"${'x'.repeat(10_000_000)}"`, /^longer than/],
    ['deep nesting', '['.repeat(60_000), /^not JSON/],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), /^not JSON: "not UTF-8/],
    ['terminal escapes', '\u001b[2J\u009b2J', /^not JSON: "\\u001b\[2J\?2J"$/],
  ])('tells of a line with %s, and goes on', async (_, line, what) => {
    const { history, damage, damaged } = await reading(
      Buffer.concat([Buffer.from(`${good}\n`), Buffer.from(line), Buffer.from(`\n${good}\n`)]),
    );
    expect([history.length, damaged]).toEqual([2, 1]);
    expect(damage).toEqual([{ line: 2, what: expect.stringMatching(what) }]);
    expect(damage[0]!.what.length).toBeLessThan(200);
  });

  it('tells of a last line cut at any byte', async () => {
    for (let length = 1; length < good.length; length += 7) {
      const { history, damage } = await reading(`${good}\n${good.slice(0, length)}`);
      expect(history.length).toBe(1);
      expect(damage).toEqual([{ line: 2, what: expect.stringContaining('not JSON') }]);
    }
  });

  it('counts all damage and describes a bounded part of it', async () => {
    const { damage, damaged } = await reading('broken\n'.repeat(5000));
    expect([damage.length, damaged]).toEqual([DAMAGE_SHOWN_MAX, 5000]);
  });

  it('numbers lines right behind lines of any length', async () => {
    const lengths = fc.array(fc.constantFrom(1, 300, 65_000, 66_000, 600_000, 1_050_000), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(lengths, async (all) => {
        const lines = all.map((length) => 'x'.repeat(length));
        const { history, damage, damaged } = await reading([...lines, good, 'end'].join('\n'));
        expect([history.length, damaged]).toEqual([1, all.length + 1]);
        expect(damage.at(-1)).toEqual({ line: all.length + 2, what: 'not JSON: "end"' });
      }),
      { numRuns: 30 },
    );
  });

  it('reads characters that lie across two chunks', async () => {
    const line = operationLine({ ...anOperation, reply: 'ausverkauft — 売り切れ' });
    const count = Math.ceil((3 << 20) / Buffer.byteLength(line));
    const { history, damaged } = await reading(`${line}\n`.repeat(count));
    expect([history.length, damaged, history.replies]).toEqual([
      count,
      0,
      ['ausverkauft — 売り切れ'],
    ]);
  });

  it('fails as misuse where there is no such file', async () => {
    await expect(readHistory(join(folder, 'none'))).rejects.toThrow(UsageFailure);
    await expect(readHistory(folder)).rejects.toThrow(/got a folder/);
  });
});

describe('historyOf', () => {
  it('keeps a bounded number of different replies', () => {
    function* answers() {
      for (let i = 0; i < REPLIES_MAX + 100; i++)
        yield { ...anOperation, start: i, reply: `no ${i}` };
    }
    const history = historyOf(answers());
    expect(history.replies.length).toBe(REPLIES_MAX + 1);
    expect(operationAt(history, REPLIES_MAX + 99).reply).toBe(REPLY_NOT_KEPT);
  });
});
