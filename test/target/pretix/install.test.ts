import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RunFailure, UsageFailure } from '../../../target/failure.ts';
import { installPretix, purgePretix } from '../../../target/pretix/install.ts';
import { withInstallLock } from '../../../target/pretix/install-lock.ts';
import { pipFailure } from '../../../target/pretix/pip-failure.ts';
import { findPython } from '../../../target/pretix/python.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretix-install-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const needs = (env: NodeJS.ProcessEnv = {}) => ({
  env: { ...process.env, ONSALE_PYTHON: '', ...env },
  signal: new AbortController().signal,
  owns: () => undefined,
});

/** A program of this name in the folder, which is all that PATH has. */
function program(name: string, script: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

async function failureOf(work: Promise<unknown>): Promise<RunFailure | UsageFailure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RunFailure || error instanceof UsageFailure) return error;
  throw new Error(`expected a failure, got ${error}`);
}

describe('finding Python', () => {
  test('none: said for every name, with what to install', async () => {
    const failure = await failureOf(findPython(needs({ PATH: folder })));
    expect(failure).toBeInstanceOf(RunFailure);
    expect(failure.parts.got).toMatch(/^python3 is not there; python3.14 is not there/);
    expect(failure.parts.remedy).toContain('python3-venv');
  });

  test('too old a one is passed over for a newer one', async () => {
    program('python3', 'echo 3.9; echo /usr/bin/python3; echo venv');
    program('python3.13', 'echo 3.13; echo /opt/python; echo venv');
    const found = await findPython(needs({ PATH: folder }));
    expect(found).toEqual({ path: '/opt/python', version: '3.13' });
  });

  test('one without venv will not do, and is said to lack it', async () => {
    program('python3', 'echo 3.12; echo /usr/bin/python3; exit 1');
    const failure = await failureOf(findPython(needs({ PATH: folder })));
    expect(failure.parts.got).toContain('python3 (3.12) has no venv module');
  });

  test('ONSALE_PYTHON is taken at its word', async () => {
    const env = { ONSALE_PYTHON: join(folder, 'nothing') };
    const failure = await failureOf(findPython(needs(env)));
    expect(failure).toBeInstanceOf(UsageFailure);
    expect(failure.parts.where).toContain(env.ONSALE_PYTHON);
  });
});

describe('installing', () => {
  test('where PyPI cannot be reached: says so, and leaves nothing half made', async () => {
    const env = {
      XDG_CACHE_HOME: folder,
      // Nobody listens there.
      PIP_INDEX_URL: 'http://127.0.0.1:1/simple',
      PIP_FIND_LINKS: '',
      PIP_RETRIES: '1',
      PIP_CONFIG_FILE: '/dev/null',
    };
    const failure = await failureOf(installPretix(needs(env)));
    expect(failure.parts.got).toContain('PyPI cannot be reached');
    const left = readdirSync(join(folder, 'onsale', 'pretix'));
    expect(left.filter((name) => !name.endsWith('.lock'))).toEqual([]);
    expect(await purgePretix(needs(env).env)).toBe(join(folder, 'onsale', 'pretix'));
    expect(await purgePretix(needs(env).env)).toBeNull();
  });

  test('into a cache that cannot be written: says which', async () => {
    writeFileSync(join(folder, 'onsale'), 'a file where a folder should be');
    const failure = await failureOf(installPretix(needs({ XDG_CACHE_HOME: folder })));
    expect(failure.parts.where).toContain(folder);
  });

  test.each([
    ['OSError: [Errno 28] No space left on device', 'the disk is full'],
    ['ERROR: No matching distribution found for pretix==1', 'does not have it'],
    ['ProxyError: Cannot connect to proxy', 'PyPI cannot be reached'],
    ['something else', 'something else'],
  ])('%s', (complaint, got) => {
    expect(pipFailure({ code: 1, output: '', complaint }, 'x').parts.got).toContain(got);
  });
});

describe('the lock', () => {
  test('lets in one after the other, also after a holder that was killed', async () => {
    const { signal } = new AbortController();
    const python = await findPython(needs());
    const path = join(folder, 'below', 'lock');
    mkdirSync(join(folder, 'below'));
    const hold =
      "import fcntl,sys; l=open(sys.argv[1],'a'); fcntl.flock(l,2); print(1,flush=True); sys.stdin.read()";
    const killed = spawn(python.path, ['-c', hold, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(killed.stdout, 'data');
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
    };
    const waiting = [1, 2, 3].map(() => withInstallLock(path, { python, signal }, work));
    killed.kill('SIGKILL');
    await Promise.all(waiting);
    expect(most).toBe(1);
  });

  test('an interruption ends the waiting', async () => {
    const interruption = new AbortController();
    const python = await findPython(needs());
    const path = join(folder, 'lock');
    const { signal } = interruption;
    const outcome = withInstallLock(path, { python, signal }, async () => {
      const waiting = withInstallLock(path, { python, signal }, async () => 'inside');
      interruption.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
      return 'done';
    });
    expect(await outcome).toBe('done');
  });
});
