import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunFailure } from '../../lib/model/failure.ts';
import { type LogAccount, splitLog } from '../../lib/run/k6-log.ts';
import { temporaryFolder } from './play.ts';

const operation = (intent: string) => `{"session":1,"intent":${JSON.stringify(intent)}}`;

async function split(
  log: string | Buffer | null,
): Promise<LogAccount & { history: string; log: string; folder: string }> {
  const folder = await temporaryFolder();
  const paths = { logPath: join(folder, 'k6.log'), historyPath: join(folder, 'history.ndjson') };
  if (log !== null) await writeFile(paths.logPath, log);
  const account = await splitLog(paths);
  return {
    ...account,
    folder,
    history: await readFile(paths.historyPath, 'utf8'),
    log: await readFile(paths.logPath, 'utf8'),
  };
}

test('operations go into the history, all else stays in the log, each message once', async () => {
  const lines = [
    '{"barrier":123}',
    operation('a'),
    'Request Failed',
    operation('b'),
    'Request Failed',
    'x',
  ];
  const done = await split(`${lines.join('\n')}\n`);
  expect(done).toMatchObject({ operations: 2, startedAt: 123, cut: false, unreadable: 0 });
  expect(done.history).toBe(`${operation('a')}\n${operation('b')}\n`);
  expect(done.log).toBe('{"barrier":123}\nRequest Failed (2 times)\nx\n');
  expect((await readdir(done.folder)).sort()).toEqual(['history.ndjson', 'k6.log']);
});

test('doing it again after a kill in between changes nothing', async () => {
  const done = await split(`${operation('a')}\n`);
  await writeFile(join(done.folder, 'k6.log'), `${operation('a')}\n`);
  const again = await splitLog({
    logPath: join(done.folder, 'k6.log'),
    historyPath: join(done.folder, 'history.ndjson'),
  });
  expect(again.operations).toBe(1);
  expect(await readFile(join(done.folder, 'history.ndjson'), 'utf8')).toBe(done.history);
});

test('a log that is missing or empty gives an empty history', async () => {
  for (const log of [null, '']) {
    const done = await split(log);
    expect(done).toMatchObject({
      operations: 0,
      startedAt: null,
      cut: false,
      history: '',
      log: '',
    });
  }
});

test('a log cut at any byte gives the whole lines before the cut, and says so', async () => {
  const whole = Buffer.from(
    `{"barrier":9}\n${operation('ü🎫')}\nRequest Failed\n${operation('b')}\n${operation('c')}\n`,
  );
  for (let bytes = 0; bytes <= whole.length; bytes += 1) {
    const kept = whole.subarray(0, bytes);
    const lines = kept.toString('utf8').split('\n').slice(0, -1);
    const done = await split(kept);
    expect(done.history.split('\n').slice(0, -1)).toEqual(
      lines.filter((l) => l.includes('session')),
    );
    expect(done.cut).toBe(bytes > 0 && kept.at(-1) !== 0x0a);
    expect(done.unreadable).toBe(0);
  }
});

test('a line that only begins like an operation is counted and left out', async () => {
  const done = await split(`{"session":1,"intent":\n${operation('a')}\n{"session":}\n`);
  expect(done).toMatchObject({ operations: 1, unreadable: 2, history: `${operation('a')}\n` });
});

test('only the first barrier counts, and only as a line of its own', async () => {
  const done = await split('say {"barrier":1}\n{"barrier":2}\n{"barrier":3}\n');
  expect(done.startedAt).toBe(2);
});

test('messages without end are cut in number and in length', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => `${i} ${'x'.repeat(10_000)}`).join('\n');
  const done = await split(`${many}\n${operation('a')}\n`);
  expect(done.operations).toBe(1);
  expect(done.log.length).toBeLessThan(200_000);
});

test('a history is the operations of the log in their order, whatever stands between them', async () => {
  const line = fc.oneof(
    fc.string({ unit: 'binary' }).map(operation),
    fc.constantFrom('\u2028', '\r', '\u0085').map(operation),
    fc.string({ unit: 'binary' }).map((text) => `!${text.replaceAll('\n', ' ')}`),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 60 }), async (lines) => {
      const done = await split(lines.map((l) => `${l}\n`).join(''));
      const expected = lines.filter((l) => l.startsWith('{"session":'));
      expect(done.history).toBe(expected.map((l) => `${l}\n`).join(''));
    }),
    { numRuns: 25 },
  );
});

test('a place that cannot be written to is one failure', async () => {
  const folder = await temporaryFolder();
  const paths = {
    logPath: join(folder, 'k6.log'),
    historyPath: join(folder, 'no', 'history.ndjson'),
  };
  await expect(splitLog(paths)).rejects.toThrow(RunFailure);
});
