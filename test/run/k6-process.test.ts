import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { RunFailure } from '../../lib/model/failure.ts';
import { type K6Asked, type K6Process, startK6 } from '../../lib/run/k6-process.ts';
import { k6ForTests } from '../k6.ts';
import { temporaryFolder } from './play.ts';

interface Started extends K6Process {
  readonly log: () => Promise<string>;
}

async function start(script: string, change: Partial<K6Asked> = {}): Promise<Started> {
  const folder = await temporaryFolder();
  const scriptPath = join(folder, 'script.js');
  const logPath = join(folder, 'log');
  // Without a summary of its own a script gets k6's, on standard output.
  const summary = script.includes('handleSummary')
    ? ''
    : 'export const handleSummary = () => ({});';
  await writeFile(scriptPath, `${script}\n${summary}`);
  const k6 = await startK6({
    k6Path: await k6ForTests(),
    scriptPath,
    logPath,
    folder,
    environment: {},
    limitMs: 30_000,
    signal: new AbortController().signal,
    ...change,
  });
  return { ...k6, log: () => readFile(logPath, 'utf8') };
}

/** A program in place of k6, for what k6 itself cannot be made to do. */
async function program(lines: string): Promise<string> {
  const path = join(await temporaryFolder(), 'k6');
  await writeFile(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return path;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  await vi.waitUntil(isSo, { timeout: 30_000, interval: 20 });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const forever = `import { sleep } from 'k6'; export default () => { console.log('on'); sleep(600); }`;

afterEach(() => {
  vi.unstubAllEnvs();
});

test('k6 runs to its end, and what it logs is in the file, exactly', async () => {
  const k6 = await start(`export default () => console.log('{"a":"\\\\n\\u2028"}\\nnext');`);
  expect(await k6.ended).toEqual({ end: 'complete', exitCode: 0, stderr: '' });
  expect(await k6.log()).toBe('{"a":"\\n\u2028"}\nnext\n');
  expect(isRunning(k6.pid)).toBe(false);
});

test('k6 is given no variable but those it needs', async () => {
  vi.stubEnv('ONSALE_DATABASE_URL', 'postgres://canary:canary@db');
  vi.stubEnv('HTTP_PROXY', 'http://canary.invalid');
  vi.stubEnv('K6_OUT', 'json=/dev/null');
  vi.stubEnv('GITHUB_TOKEN', 'canary');
  const script = 'export default () => console.log(Object.keys(__ENV).sort().join(" "));';
  const k6 = await start(script, { environment: { ONSALE_LOAD: 'x' } });
  await k6.ended;
  const names = (await k6.log()).trim().split(' ');
  const allowed = ['HOME', 'K6_AUTO_EXTENSION_RESOLUTION', 'ONSALE_LOAD', 'PATH', 'SSL_CERT_FILE'];
  expect([...allowed, 'TEMP', 'TMP', 'TMPDIR', 'TZ', 'XDG_CONFIG_HOME', 'PWD']).toEqual(
    expect.arrayContaining(names),
  );
  expect(names).not.toContain('GITHUB_TOKEN');
  expect(names).toContain('ONSALE_LOAD');
});

test('a script that throws in set-up is a failure with its words', async () => {
  const k6 = await start(
    'export function setup() { throw new Error("no"); } export default () => 1;',
  );
  expect(await k6.ended).toMatchObject({ end: 'failed', exitCode: 107 });
  expect(await k6.log()).toContain('no');
});

test('an interrupt ends k6 in good order', async () => {
  const interrupt = new AbortController();
  const k6 = await start(
    `${forever}; export const handleSummary = () => ({ stdout: 'summary' });`,
    {
      signal: interrupt.signal,
    },
  );
  await until(async () => (await k6.log()).includes('on'));
  interrupt.abort();
  expect(await k6.ended).toMatchObject({ end: 'interrupted', exitCode: 105 });
  expect(await k6.log()).toContain('summary');
});

test('the time limit ends k6', async () => {
  const k6 = await start(forever, { limitMs: 1500 });
  expect((await k6.ended).end).toBe('timed-out');
  expect(isRunning(k6.pid)).toBe(false);
});

test('whatever does not heed an interrupt is killed, with all it has started', async () => {
  const interrupt = new AbortController();
  const stubborn = await program("trap '' INT\nsleep 600 & echo $!\nwhile :; do sleep 600; done");
  const k6 = await start('', { k6Path: stubborn, signal: interrupt.signal, graceMs: 100 });
  await until(async () => (await k6.log()).endsWith('\n'));
  interrupt.abort();
  expect(await k6.ended).toMatchObject({ end: 'interrupted', exitCode: null });
  const child = Number(await k6.log());
  await until(async () => !isRunning(child) || (await isZombie(child)));
});

/** Ended, but not yet collected by whatever is process 1 here. */
async function isZombie(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return stat.includes(') Z');
}

test('kill ends k6 at once, and a second time does nothing', async () => {
  const k6 = await start(forever);
  await until(async () => (await k6.log()).includes('on'));
  k6.kill();
  k6.kill();
  expect(await k6.ended).toMatchObject({ end: 'killed', exitCode: null });
  k6.kill();
});

test('what a program says on stderr is kept, cut to size', async () => {
  const loud = await program('head -c 300000 /dev/zero | tr "\\0" x >&2; echo last >&2; exit 3');
  const k6 = await start('', { k6Path: loud });
  const ended = await k6.ended;
  expect(ended).toMatchObject({ end: 'failed', exitCode: 3 });
  expect(ended.stderr.length).toBe(20_000);
  expect(ended.stderr.endsWith('last\n')).toBe(true);
});

test.each([
  ['a program that is not there', { k6Path: '/no/such/k6' }, /k6 to start, got .*ENOENT/],
  ['a log that cannot be opened', { logPath: '/no/such/log' }, /no such folder/],
])('%s is one failure', async (_what, change, expected) => {
  const failure = await start('', change).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RunFailure);
  expect((failure as RunFailure).message).toMatch(expected);
});
