import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RunFailure, UsageFailure } from '../../lib/model/failure.ts';
import { findK6 } from '../../lib/run/k6-binary.ts';
import { k6Cache } from '../../lib/run/k6-cache.ts';
import { K6_VERSION } from '../../lib/run/k6-release.ts';
import { surveyK6 } from '../../lib/run/k6-survey.ts';
import {
  failureOf,
  fakeK6,
  machine,
  options,
  useBareMachine,
  writeScript,
} from './bare-machine.ts';

useBareMachine();

describe('K6_PATH', () => {
  test('is taken, whatever else there is', async () => {
    const path = await writeScript(
      join(machine.home, 'my k6'),
      "#!/bin/sh\necho 'k6 v1.2.3 (x)'\n",
    );
    await writeScript(join(machine.home, 'bin', 'k6'), fakeK6);
    const found = await findK6(options({}, { K6_PATH: path }));
    expect(found).toEqual({ path, version: '1.2.3', source: 'K6_PATH' });
    expect(machine.notes).toEqual([]);
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
    const path = join(machine.home, 'k6');
    if (text !== null) await writeScript(path, text);
    const asked = options({ versionLimitMs: 1000 }, { K6_PATH: path });
    const failure = await failureOf(findK6(asked));
    expect(failure).toBeInstanceOf(UsageFailure);
    expect((failure as UsageFailure).parts.where).toContain('$K6_PATH');
    expect((await surveyK6(asked)).ways[0]!.status).toBe('bad');
  });

  test('naming a folder, or a file that may not be run, is one too', async () => {
    await writeFile(join(machine.home, 'plain'), fakeK6);
    for (const K6_PATH of [machine.home, join(machine.home, 'plain')]) {
      await expect(findK6(options({}, { K6_PATH }))).rejects.toThrow(UsageFailure);
    }
  });
});

describe('PATH', () => {
  test('is searched on past what cannot be used, with a note for each', async () => {
    const folders = ['a', 'b', 'c', 'd', 'e'].map((name) => join(machine.home, name));
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
    expect(machine.notes).toEqual([
      expect.stringMatching(/a\/k6, which is k6 0\.57\.0/),
      expect.stringMatching(/b\/k6, which is no k6/),
    ]);
  });
});

describe('Go', () => {
  const goThatBuilds = `#!/bin/sh
[ "$1 $2" = "install go.k6.io/k6@v${K6_VERSION}" ] || exit 9
cat > "$GOBIN/k6" <<'K6'\n${fakeK6}K6\nchmod 755 "$GOBIN/k6"\n`;

  test('builds where the release cannot be reached, and says so', async () => {
    await writeScript(join(machine.home, 'bin', 'go'), goThatBuilds);
    const asked = options();
    expect(await findK6(asked)).toMatchObject({ version: K6_VERSION, source: 'go' });
    expect(machine.notes.map((note) => note.slice(0, 12))).toEqual([
      'looking for ',
      'release: htt',
      'building k6 ',
    ]);
    expect((await findK6(asked)).source).toBe('cache');
  });

  test('failing too, there is one failure that lists every way', async () => {
    await writeScript(
      join(machine.home, 'bin', 'go'),
      '#!/bin/sh\necho "no such module" >&2\nexit 1\n',
    );
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
    const pidFile = join(machine.home, 'pid');
    const script = `#!/bin/sh\nsleep 1000 & echo $! > ${pidFile}\nwait\n`;
    await writeScript(join(machine.home, 'bin', 'go'), script);
    const controller = new AbortController();
    const finding = failureOf(findK6(options({ signal: controller.signal })));
    await expect.poll(() => existsSync(pidFile) && readFile(pidFile, 'utf8')).toMatch(/\d\n/);
    controller.abort(new Error('interrupted'));
    expect(await finding).toMatchObject({ message: 'interrupted' });
    const pid = Number(await readFile(pidFile, 'utf8'));
    await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'Z')).toMatch(/Z/);
    const { folder } = k6Cache(options().env);
    expect(await readdir(folder)).toEqual([]);
    expect(await readdir(join(machine.home, '.local/state/onsale/leases'))).toEqual([]);
  });
});

test('a real k6 is found on this machine, or fetched, and is what it says', async () => {
  const signal = new AbortController().signal;
  const found = await findK6({
    env: process.env,
    signal,
    onNote: (text) => machine.notes.push(text),
  });
  expect(found.version).toMatch(/^1\./);
  const survey = await surveyK6({ env: process.env });
  expect(survey.found).toEqual({ path: found.path, version: found.version });
}, 600_000);
