import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RunFailure, UsageFailure } from '../../lib/model/failure.ts';
import { type FindK6Options, findK6 } from '../../lib/run/k6-binary.ts';
import { k6Cache } from '../../lib/run/k6-cache.ts';
import { DOWNLOAD_LIMITS } from '../../lib/run/k6-download.ts';
import { K6_CHECKSUMS, K6_VERSION, k6Archive } from '../../lib/run/k6-release.ts';
import { surveyK6 } from '../../lib/run/k6-survey.ts';
import { makeTarGz } from './make-archive.ts';

const archive = k6Archive('linux', process.arch)!;
const fakeK6 = `#!/bin/sh\necho 'k6 v${K6_VERSION} (go1.26, linux/amd64)'\n`;
let home = '';
let notes: string[] = [];
const servers: Server[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'onsale-test-k6-'));
  notes = [];
  // Not /bin itself: there may be a k6 or a Go in it.
  await mkdir(join(home, 'tools'));
  for (const tool of ['cat', 'chmod', 'sleep']) {
    await symlink(join('/bin', tool), join(home, 'tools', tool));
  }
  vi.stubEnv('NO_PROXY', '127.0.0.1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(home, { recursive: true, force: true });
});

/** A machine with nothing on it but a shell, and no way out but to `releaseUrl`. */
function options(more: Partial<FindK6Options> = {}, env: NodeJS.ProcessEnv = {}): FindK6Options {
  return {
    env: { PATH: [join(home, 'bin'), join(home, 'tools')].join(delimiter), HOME: home, ...env },
    onNote: (text) => notes.push(text),
    signal: new AbortController().signal,
    releaseUrl: 'http://127.0.0.1:1',
    ...more,
  };
}

async function writeScript(path: string, text: string) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A release server; counts what was asked for. */
async function serveRelease(packed: Buffer, sum = sha256(packed)) {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    const name = request.url!.slice(1);
    asked.push(name);
    if (name === K6_CHECKSUMS) {
      response.end(`${'0'.repeat(64)}  other.zip\n${sum}  ${archive.name}\n`);
    } else if (name === archive.name) response.end(packed);
    else response.writeHead(404).end();
  });
  return { url, asked };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (reason: unknown) => reason,
  );
}

const goodArchive = () => makeTarGz([{ name: archive.entry, content: fakeK6 }]);

describe('K6_PATH', () => {
  test('is taken, whatever else there is', async () => {
    const path = await writeScript(join(home, 'my k6'), "#!/bin/sh\necho 'k6 v1.2.3 (x)'\n");
    await writeScript(join(home, 'bin', 'k6'), fakeK6);
    const found = await findK6(options({}, { K6_PATH: path }));
    expect(found).toEqual({ path, version: '1.2.3', source: 'K6_PATH' });
    expect(notes).toEqual([]);
  });

  test.each([
    ['nothing', null],
    ['a text', 'hello'],
    ['a program that is no k6', "#!/bin/sh\necho 'v1.8.1'\n"],
    ['a k6 of another major', "#!/bin/sh\necho 'k6 v2.0.0 (x)'\n"],
    ['a program that fails', "#!/bin/sh\necho 'k6 v1.8.1 (x)'\nexit 3\n"],
    ['a program that dies', "#!/bin/sh\necho 'k6 v1.8.1 (x)'\nkill -9 $$\n"],
    ['a program that hangs with a child', '#!/bin/sh\nsleep 1000 & wait\n'],
    ['a program that never stops talking', '#!/bin/sh\nwhile :; do echo aaaaaaaaaaaaaaaa; done\n'],
  ])('naming %s is a usage failure', async (_name, text) => {
    const path = join(home, 'k6');
    if (text !== null) await writeScript(path, text);
    const asked = options({ versionLimitMs: 1000 }, { K6_PATH: path });
    const failure = await failureOf(findK6(asked));
    expect(failure).toBeInstanceOf(UsageFailure);
    expect((failure as UsageFailure).parts.where).toContain('$K6_PATH');
    expect((await surveyK6(asked)).ways[0]!.status).toBe('bad');
  });

  test('naming a folder, or a file that may not be run, is one too', async () => {
    await writeFile(join(home, 'plain'), fakeK6);
    for (const K6_PATH of [home, join(home, 'plain')]) {
      await expect(findK6(options({}, { K6_PATH }))).rejects.toThrow(UsageFailure);
    }
  });
});

describe('PATH', () => {
  test('is searched on past what cannot be used, with a note for each', async () => {
    const folders = ['a', 'b', 'c', 'd', 'e'].map((name) => join(home, name));
    await writeScript(join(folders[0]!, 'k6'), "#!/bin/sh\necho 'k6 v0.57.0 (x)'\n");
    await writeScript(join(folders[1]!, 'k6'), '#!/bin/sh\necho no\n');
    await writeFile(
      await writeScript(join(folders[2]!, 'x'), '').then(() => join(folders[2]!, 'k6')),
      '',
    );
    const path = await writeScript(
      join(folders[3]!, 'k6'),
      "#!/bin/sh\necho 'k6 v1.10.0-rc1 (x)'\n",
    );
    const PATH = ['relative', ...folders].join(delimiter);
    const found = await findK6(options({}, { PATH }));
    expect(found).toEqual({ path, version: '1.10.0-rc1', source: 'PATH' });
    expect(notes).toEqual([
      expect.stringMatching(/a\/k6, which is k6 0\.57\.0/),
      expect.stringMatching(/b\/k6, which is no k6/),
    ]);
  });
});

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
    expect(notes.at(-1)).toMatch(/downloading k6/);
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
      servers[0]!.emit('request', request, response);
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
    expect(notes.filter((note) => note.startsWith('waiting for'))).not.toEqual([]);
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
    await writeFile(join(home, '.cache'), 'a file where a folder should be');
    const failure = await failureOf(findK6(options()));
    expect(failure).toBeInstanceOf(RunFailure);
    expect((failure as RunFailure).parts.remedy).toContain('XDG_CACHE_HOME');
  });
});

describe('Go', () => {
  const goThatBuilds = `#!/bin/sh
[ "$1 $2" = "install go.k6.io/k6@v${K6_VERSION}" ] || exit 9
cat > "$GOBIN/k6" <<'K6'\n${fakeK6}K6\nchmod 755 "$GOBIN/k6"\n`;

  test('builds where the release cannot be reached, and says so', async () => {
    await writeScript(join(home, 'bin', 'go'), goThatBuilds);
    const asked = options();
    expect(await findK6(asked)).toMatchObject({ version: K6_VERSION, source: 'go' });
    expect(notes.map((note) => note.slice(0, 12))).toEqual([
      'looking for ',
      'release: htt',
      'building k6 ',
    ]);
    expect((await findK6(asked)).source).toBe('cache');
  });

  test('failing too, there is one failure that lists every way', async () => {
    await writeScript(join(home, 'bin', 'go'), '#!/bin/sh\necho "no such module" >&2\nexit 1\n');
    const failure = (await failureOf(findK6(options()))) as RunFailure;
    expect(failure).toBeInstanceOf(RunFailure);
    expect(failure.parts.got.match(/no such module/g)).toHaveLength(1);
    for (const tried of ['$K6_PATH', 'PATH', 'cache', 'ECONNREFUSED', 'no such module']) {
      expect(failure.parts.got).toContain(tried);
    }
    for (const way of ['K6_PATH', 'PATH', 'HTTPS_PROXY', 'GOPROXY', 'XDG_CACHE_HOME']) {
      expect(failure.parts.remedy).toContain(way);
    }
  });

  test('missing is said, also by the survey', async () => {
    await expect(findK6(options())).rejects.toThrow(/there is no Go on PATH/);
    const survey = await surveyK6(options());
    expect(survey.ways.map(({ source, status }) => [source, status])).toEqual([
      ['K6_PATH', 'absent'],
      ['PATH', 'absent'],
      ['cache', 'absent'],
      ['download', 'possible'],
      ['go', 'absent'],
    ]);
    expect(survey.found).toBeNull();
    expect(survey.next).toMatch(/^Get k6/);
  });

  test('is ended with all it started when the command is interrupted', async () => {
    const pidFile = join(home, 'pid');
    const script = `#!/bin/sh\nsleep 1000 & echo $! > ${pidFile}\nwait\n`;
    await writeScript(join(home, 'bin', 'go'), script);
    const controller = new AbortController();
    const finding = failureOf(findK6(options({ signal: controller.signal })));
    await expect.poll(() => existsSync(pidFile) && readFile(pidFile, 'utf8')).toMatch(/\d\n/);
    controller.abort(new Error('interrupted'));
    expect(await finding).toMatchObject({ message: 'interrupted' });
    const pid = Number(await readFile(pidFile, 'utf8'));
    await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'Z')).toMatch(/Z/);
    const { folder } = k6Cache(options().env);
    expect(await readdir(folder)).toEqual([]);
    expect(await readdir(join(home, '.local/state/onsale/leases'))).toEqual([]);
  });
});

test('a real k6 is found on this machine, or fetched, and is what it says', async () => {
  const signal = new AbortController().signal;
  const found = await findK6({ env: process.env, signal, onNote: (text) => notes.push(text) });
  expect(found.version).toMatch(/^1\./);
  const survey = await surveyK6({ env: process.env });
  expect(survey.found).toEqual({ path: found.path, version: found.version });
}, 600_000);
