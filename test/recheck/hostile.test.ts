import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { recheck } from '../../recheck/recheck.ts';
import { sale } from '../invariants/notation.ts';
import {
  certified,
  newFolder,
  recheckOf,
  recheckText,
  violationsOf,
  writeRun,
} from './certified.ts';
import { violated } from './violated.ts';

const evidence = sale(violated['lost-purchase']!['no row']!);
const [finding] = violationsOf(evidence, ['lost-purchase']);
const genuine = certified(evidence, finding!);

/** What may be said to a terminal: letters, digits, punctuation and blanks. */
const SAYABLE = /^[\p{L}\p{N}\p{P}\p{S} ]*$/u;

describe('a certificate that cannot be used is refused, never an accident', () => {
  const [operation] = genuine.operations;
  const unusable: Readonly<Record<string, string>> = {
    nothing: '',
    'no JSON': '{"schemaVersion": 1',
    'a number that JSON has not': JSON.stringify(genuine).replace('"asked":2', '"asked":NaN'),
    infinity: JSON.stringify(genuine).replace('"clockErrorMs":1', '"clockErrorMs":1e999'),
    'another version': JSON.stringify({ ...genuine, schemaVersion: 2 }),
    'an unknown invariant': JSON.stringify({ ...genuine, invariant: 'toString' }),
    'a key too many': JSON.stringify({ ...genuine, extra: 1 }),
    'a key too few': JSON.stringify({ ...genuine, counts: undefined }),
    'a `__proto__`': JSON.stringify(genuine).replace('{', '{"__proto__":{"proven":true},'),
    'a `__proto__` in place of a key': JSON.stringify(genuine).replace('"about"', '"__proto__"'),
    'a `__proto__` inside': JSON.stringify(genuine).replace('"intents":', '"__proto__":'),
    'a list for an object': JSON.stringify({ ...genuine, restsOn: [] }),
    'text for a number': JSON.stringify({ ...genuine, asked: '2' }),
    'eleven operations': JSON.stringify({ ...genuine, operations: Array(11).fill(operation) }),
    'a path for a file': JSON.stringify({
      ...genuine,
      evidence: [{ name: '../../etc/passwd', sha256: '0'.repeat(64), bytes: 1 }],
    }),
    'a text too long': JSON.stringify({ ...genuine, runId: 'x'.repeat(101) }),
    'very many brackets': '['.repeat(200_000),
    'very much of it': JSON.stringify({ ...genuine, claim: 'x'.repeat(3_000_000) }),
  };

  it.each(Object.entries(unusable))('%s', async (_, text) => {
    const { code, lines } = await recheckText(text, await newFolder());
    expect(code).toBe(2);
    expect(lines.join(' ')).toMatch(SAYABLE);
    expect(lines.join(' ').length).toBeLessThan(600);
  });

  it('a folder, a missing file, a missing run', async () => {
    const folder = await newFolder();
    expect((await recheck(folder, null)).code).toBe(2);
    expect((await recheck(join(folder, 'no.json'), null)).code).toBe(2);
    expect((await recheckOf(genuine, folder, join(folder, 'no'))).code).toBe(2);
    await mkdir(join(folder, 'empty'));
    expect((await recheckOf(genuine, folder, join(folder, 'empty'))).code).toBe(2);
  });

  it('any JSON at all', async () => {
    const folder = await newFolder();
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        expect((await recheckText(text, folder)).code).toBe(2);
      }),
      { numRuns: 100 },
    );
  });

  it('says nothing that could steer a terminal', async () => {
    const hostile = { ...genuine, runId: '\u001b[31m::error::\u202e\n' };
    const { lines } = await recheckOf(hostile, await newFolder());
    for (const line of lines) expect(line).toMatch(SAYABLE);
  });
});

test.each([
  ['a cancelled order', 'cancelled', 'the order was cancelled'],
  ['the order itself', 'live', 'the order is there'],
])('a loss is disproved by %s, shown or in the run', async (_, status, why) => {
  const row = { id: '9', pool: 'A', quantity: 2, status, intent: genuine.about.intent, buyer: '' };
  const state = { ...genuine.restsOn.state!, cancelledRows: status === 'cancelled' ? 1 : 0 };
  const forged = {
    ...genuine,
    rows: [row],
    counts: { ...genuine.counts, rows: 1, tickets: 2 },
    restsOn: { ...genuine.restsOn, state },
  };
  const { code, lines } = await recheckOf(forged, await newFolder());
  expect(code).toBe(1);
  expect(lines.join('\n')).toContain(why);
});

test.each([
  ['phantom-order', 'a stranger where nobody else buys'],
  ['sale-window', 'too late'],
])('%s, %s, is not proven where a request may be missing', async (invariant, name) => {
  const whole = sale(violated[invariant]![name]!);
  const proven = certified(whole, violationsOf(whole, [invariant])[0]!);
  const { history } = proven.restsOn;
  const forged = {
    ...proven,
    restsOn: { ...proven.restsOn, history: { ...history, complete: false } },
  };
  const folder = await newFolder();
  expect((await recheckOf(proven, folder)).code).toBe(0);
  expect((await recheckOf(forged, folder)).code).toBe(1);
});

test('a leaked hold is not proven by a row whose intent has a paid one', async () => {
  const rules = 'rule expiryGraceMs=0 clockSkewMs=0';
  const leaking = `A 9; ${rules}; b1 hold A [0,5] ok expires=8; F: b1×1 A state=held, read 90`;
  const [leak] = violationsOf(sale(leaking), ['leaked-hold']);
  const paid = sale(leaking.replace(', read', ', b1×1 A state=paid, read'));
  expect(violationsOf(paid, ['leaked-hold'])).toEqual([]);
  const folder = await newFolder();
  expect((await recheckOf(certified(sale(leaking), leak!), folder)).code).toBe(0);
  const files = await writeRun(paid, folder);
  const forged = certified(paid, leak!, files);
  for (const run of [null, folder]) expect((await recheckOf(forged, folder, run)).code).toBe(1);
});

describe('the run it is held against', () => {
  async function withRun() {
    const folder = await newFolder();
    const certificate = certified(evidence, finding!, await writeRun(evidence, folder));
    return { folder, certificate, check: () => recheckOf(certificate, folder, folder) };
  }

  test.each(['history.ndjson', 'state.json', 'fixture.json', 'intents.json'])(
    'a byte more in %s is noticed',
    async (name) => {
      const { folder, check } = await withRun();
      expect((await check()).code).toBe(0);
      await appendFile(join(folder, name), '\n');
      const { code, lines } = await check();
      expect(code).toBe(1);
      expect(lines.join('\n')).toContain(`${name} is not the file it was taken from`);
    },
  );

  it('another run of the same shop is not its run', async () => {
    const { certificate, folder } = await withRun();
    const other = await newFolder();
    await writeRun(sale(violated['lost-purchase']!['a row elsewhere']!), other);
    expect((await recheckOf(certificate, folder, other)).code).toBe(1);
  });

  it('a damaged line leaves the history incomplete', async () => {
    const { folder, certificate } = await withRun();
    const path = join(folder, 'history.ndjson');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"ok"', '"okay"'));
    const { code, lines } = await recheckOf(certificate, folder, folder);
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain('what it rests on: history');
  });

  it('without hashes it proves nothing against a run', async () => {
    const { folder, certificate } = await withRun();
    const { code, lines } = await recheckOf({ ...certificate, evidence: [] }, folder, folder);
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain('it names no SHA-256');
  });
});

describe('a pool that ten rows cannot fill', () => {
  const buyers = Array.from({ length: 30 }, (_, i) => `b${i + 1}`);
  const large = sale(
    `A 25; clock 1; ${buyers.map((b, i) => `${b} buy(1) A [${i},${i + 5}] ok`).join('; ')}; F: ${buyers.map((b) => `${b}×1 A`).join(', ')}`,
  );
  const [oversold] = violationsOf(large, ['oversell-final']);

  it('is not proven by itself, and says what is missing', async () => {
    const { code, lines } = await recheckOf(certified(large, oversold!), await newFolder());
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain(
      'It states 30 tickets, counted over 30 operations and 30 rows',
    );
    expect(lines.join('\n')).toContain('Give --run');
  });

  it('is counted again in the run, and shows the sale that went beyond and the last one', async () => {
    const folder = await newFolder();
    const certificate = certified(large, oversold!, await writeRun(large, folder));
    expect(certificate.operations.map(({ intent }) => intent)).toEqual([
      'onsale-r1-26',
      'onsale-r1-30',
    ]);
    const { code, lines } = await recheckOf(certificate, folder, folder);
    expect(code, lines.join('\n')).toBe(0);
  });

  it('is refused where the count is not the one that is stated', async () => {
    const folder = await newFolder();
    const certificate = certified(large, oversold!, await writeRun(large, folder));
    const more = { ...certificate, counts: { ...certificate.counts, tickets: 31 } };
    const { code, lines } = await recheckOf(more, folder, folder);
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain('it states 31 tickets, there are 30');
  });
});
