import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { RunFailure } from '../../lib/model/failure.ts';
import { findK6 } from '../../lib/run/k6-binary.ts';
import { k6Cache } from '../../lib/run/k6-cache.ts';
import { DOWNLOAD_LIMITS } from '../../lib/run/k6-download.ts';
import { K6_CHECKSUMS, K6_VERSION } from '../../lib/run/k6-release.ts';
import { surveyK6 } from '../../lib/run/k6-survey.ts';
import {
  archive,
  failureOf,
  fakeK6,
  goodArchive,
  machine,
  options,
  serve,
  serveRelease,
  useBareMachine,
} from './bare-machine.ts';
import { makeTarGz } from './make-archive.ts';

useBareMachine();

describe('the release', () => {
  test('is fetched once, checked, put into the cache and used from there', async () => {
    const release = await serveRelease(await goodArchive());
    const asked = options({ releaseUrl: release.url });
    const cache = k6Cache(asked.env);
    expect(await findK6(asked)).toEqual({
      path: cache.binary,
      version: K6_VERSION,
      source: 'download',
    });
    expect(machine.notes.at(-1)).toMatch(/downloading k6/);
    expect(await readdir(cache.folder)).toEqual(['k6', 'k6.sha256']);
    expect((await findK6(asked)).source).toBe('cache');
    expect(release.asked).toEqual([K6_CHECKSUMS, archive.name]);
    const survey = await surveyK6(asked);
    expect(survey.found).toEqual({ path: cache.binary, version: K6_VERSION });
  });

  const link = { name: archive.entry, content: '', link: '/bin/sh' };
  test.each<[string, () => Promise<Buffer>, RegExp]>([
    ['cut', async () => (await goodArchive()).subarray(0, 60), /damaged/],
    ['no archive', async () => Buffer.from('<html>'), /damaged/],
    ['cut inside', () => makeTarGz([{ name: archive.entry, content: fakeK6 }], 520), /cut off/],
    ['empty', () => makeTarGz([]), /holds no file/],
    ['a link', () => makeTarGz([link]), /holds no file/],
    [
      'a way out',
      () => makeTarGz([{ name: `../../${archive.entry}`, content: fakeK6 }]),
      /holds no file/,
    ],
    [
      'another program',
      () => makeTarGz([{ name: archive.entry, content: '#!/bin/sh\necho hi\n' }]),
      /what was fetched is no k6/,
    ],
  ])('whose archive is %s gives no k6', async (_name, make, reason) => {
    const release = await serveRelease(await make());
    const failure = await failureOf(findK6(options({ releaseUrl: release.url })));
    expect(failure).toBeInstanceOf(RunFailure);
    expect((failure as RunFailure).parts.got).toMatch(reason);
    expect(await readdir(k6Cache(options().env).folder)).toEqual([]);
  });

  test('with another checksum is refused and nothing is installed', async () => {
    const release = await serveRelease(await goodArchive(), 'f'.repeat(64));
    const asked = options({ releaseUrl: release.url });
    await expect(findK6(asked)).rejects.toThrow(/the release says ffff/);
    expect(await readdir(k6Cache(asked.env).folder)).toEqual([]);
  });

  test.each<[string, RequestListener, RegExp]>([
    ['answers 404', (_request, response) => response.writeHead(404).end(), /answered 404/],
    ['lists other files', (_request, response) => response.end('x'), /lists no k6-v/],
    ['never answers', () => undefined, /no answer within 0.3 s/],
    ['stalls', (_request, response) => response.writeHead(200).write('x'), /no byte for 0.3 s/],
    [
      'sends without end',
      (_request, response) => {
        const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
        response.on('close', () => clearInterval(timer));
      },
      /more than 65536 bytes/,
    ],
    ['hangs up', (request) => request.socket.destroy(), /socket hang up|ECONNRESET/],
  ])('whose server %s fails soon', async (_name, listener, reason) => {
    const releaseUrl = await serve(listener);
    const downloadLimits = { ...DOWNLOAD_LIMITS, answerMs: 300, stallMs: 300 };
    const failure = await failureOf(findK6(options({ releaseUrl, downloadLimits })));
    expect((failure as RunFailure).parts.got).toMatch(reason);
  });

  test('goes through the proxy of the environment', async () => {
    const release = await serveRelease(await goodArchive());
    const seen: string[] = [];
    const proxy = await serve((request, response) => {
      seen.push(request.url!);
      request.url = new URL(request.url!).pathname;
      machine.servers[0]!.emit('request', request, response);
    });
    vi.stubEnv('http_proxy', proxy);
    const releaseUrl = release.url.replace('127.0.0.1', 'release.invalid');
    expect((await findK6(options({ releaseUrl }))).source).toBe('download');
    expect(seen).toHaveLength(2);
  });
});

describe('the cache', () => {
  async function filled() {
    const release = await serveRelease(await goodArchive());
    const asked = options({ releaseUrl: release.url });
    await findK6(asked);
    return { asked, cache: k6Cache(asked.env), release };
  }

  test.each<[string, (binary: string) => Promise<unknown>]>([
    ['cut', (binary) => writeFile(binary, '#!/bin/sh\n')],
    ['empty', (binary) => writeFile(binary, '')],
    ['missing', (binary) => rm(binary)],
    ['exchanged', (binary) => writeFile(binary, fakeK6.replace('go1', 'go2'))],
    ['not executable', (binary) => chmod(binary, 0o644)],
    ['a link', (binary) => rm(binary).then(() => symlink('/bin/sh', binary))],
    ['a folder', (binary) => rm(binary).then(() => mkdir(join(binary, 'x'), { recursive: true }))],
    ['without a checksum', (binary) => rm(`${binary}.sha256`)],
    ['beside a torn checksum', (binary) => writeFile(`${binary}.sha256`, 'ab')],
  ])('heals when its k6 is %s', async (_name, damage) => {
    const { asked, cache } = await filled();
    await damage(cache.binary);
    expect((await surveyK6(asked)).ways[2]!.status).toBe('absent');
    expect((await findK6(asked)).source).toBe('download');
    expect(await readFile(cache.binary, 'utf8')).toBe(fakeK6);
    expect((await findK6(asked)).source).toBe('cache');
  });

  test('is filled once by many calls at the same time', async () => {
    const release = await serveRelease(await goodArchive());
    const asked = options({ releaseUrl: release.url });
    const found = await Promise.all(Array.from({ length: 6 }, () => findK6(asked)));
    expect(found.map(({ source }) => source).sort()).toEqual([
      ...Array(5).fill('cache'),
      'download',
    ]);
    expect(release.asked).toHaveLength(2);
    expect(machine.notes.filter((note) => note.startsWith('waiting for'))).not.toEqual([]);
    expect(await readdir(k6Cache(asked.env).folder)).toEqual(['k6', 'k6.sha256']);
  });

  test('is filled past the lock of a killed process, and a torn lock', async () => {
    const release = await serveRelease(await goodArchive());
    const asked = options({ releaseUrl: release.url });
    const { folder, lock, binary } = k6Cache(asked.env);
    const module = new URL('../../lib/run/install-lock.ts', import.meta.url).href;
    const program = `import { withLock } from ${JSON.stringify(module)};
      const lock = { signal: new AbortController().signal, onWait() {}, waitMs: 1000 };
      await withLock(${JSON.stringify(lock)}, lock, async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); });`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', program];
    const holder = spawn(process.execPath, args, { stdio: 'inherit' });
    await new Promise((resolve) => holder.once('exit', resolve));
    expect(existsSync(lock)).toBe(true);
    expect((await findK6(asked)).source).toBe('download');
    await rm(binary);
    await writeFile(lock, '{"holder":');
    expect((await findK6(asked)).source).toBe('download');
    expect(await readdir(folder)).toEqual(['k6', 'k6.sha256']);
  });

  test('that cannot be written is said with a way out', async () => {
    await writeFile(join(machine.home, '.cache'), 'a file where a folder should be');
    const failure = await failureOf(findK6(options()));
    expect(failure).toBeInstanceOf(RunFailure);
    expect((failure as RunFailure).parts.remedy).toContain('XDG_CACHE_HOME');
  });
});
