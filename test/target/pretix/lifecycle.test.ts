import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  identify,
  isRunning,
  type ProcessIdentity,
} from '../../../target/database/process-identity.ts';
import { raceUntil } from '../../race.ts';
import { type Program, runTarget } from '../service.ts';
import { Shop } from './shop.ts';

/** Getting it for the first time on a machine takes minutes; afterwards it is a matter of seconds. */
const INSTALL_LIMIT_MS = 20 * 60_000;
const POLL_MS = 50;

let folder: string;
let program: Program | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(await realpath(tmpdir()), 'pretix-test-'));
  await chmod(folder, 0o755);
});
afterEach(async () => {
  // Still there where a test failed before it ended it.
  program?.child.kill('SIGTERM');
  await program?.closed;
  program = null;
  await rm(folder, { recursive: true, force: true });
});

/** Everything that names our folder: gunicorn, its workers and PostgreSQL. */
function family(): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => commandLine(pid).includes(`${folder}/`))
    .map((pid) => identify(Number(pid)))
    .filter((identity) => identity !== null);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended since the folder was listed.
    return '';
  }
}

async function untilNothingIsLeft(members: readonly ProcessIdentity[]): Promise<void> {
  while (members.some(isRunning) || (await readdir(folder)).length > 0) await sleep(POLL_MS);
}

test(
  'planted for every request: two buyers get the last ticket; killed, it leaves nothing',
  async () => {
    const args = ['up', 'pretix', '--processes', '4', '--flaw', 'skip-locking'];
    program = runTarget([...args, '--folder', folder]);
    const ready = await program.ready();
    const { flaws, environment } = ready;
    expect(flaws).toEqual(['skip-locking']);
    const shop = new Shop(ready);
    const sold = await raceUntil(
      (count) => count > 1,
      async () => {
        const statuses = await shop.rush(await shop.sale(1), 8);
        return statuses.filter((status) => status === 201).length;
      },
    );
    expect(sold).toBeGreaterThan(1);

    const members = family();
    expect(members.length).toBeGreaterThanOrEqual(6);
    for (const { pid } of members)
      for (const file of ['cmdline', 'environ']) {
        const text = readFileSync(`/proc/${pid}/${file}`, 'utf8');
        expect(text).not.toContain(environment.ONSALE_TOKEN);
        expect(text).not.toContain(new URL(environment.ONSALE_DATABASE_URL!).password);
      }
    program.child.kill('SIGKILL');
    await untilNothingIsLeft(members);
  },
  INSTALL_LIMIT_MS,
);

test(
  'ended before it serves: exit 0, and nothing is left',
  async () => {
    program = runTarget(['up', 'pretix', '--folder', folder]);
    while (!family().some(({ pid }) => commandLine(String(pid)).includes('gunicorn')))
      await sleep(POLL_MS);
    const members = family();
    program.child.kill('SIGTERM');
    expect((await program.closed).code).toBe(0);
    expect(program.output()).toBe('');
    await untilNothingIsLeft(members);
  },
  INSTALL_LIMIT_MS,
);
