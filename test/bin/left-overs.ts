import { chmod, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Machine, newMachine } from '../experience/product.ts';

/** A process that was started for a machine: its home or temporary folder is in its environment or command line. */
export interface LeftOver {
  readonly pid: number;
  /** Words separated by blanks. */
  readonly command: string;
}

/** A machine whose folders other users can reach: as root, PostgreSQL runs under another account. */
export async function newOpenMachine(): Promise<Machine> {
  const machine = await newMachine();
  for (const folder of [machine.folder, join(machine.folder, 'tmp')]) await chmod(folder, 0o755);
  return machine;
}

/** Everything that runs for this machine now. Needs /proc. */
export async function processesOf({ folder }: Machine): Promise<LeftOver[]> {
  const found: LeftOver[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const [command = '', environment = ''] = await Promise.all(
      ['cmdline', 'environ'].map((file) =>
        readFile(`/proc/${name}/${file}`, 'utf8').catch(() => ''),
      ),
    );
    if (!`${command}\0${environment}`.includes(folder)) continue;
    found.push({ pid: Number(name), command: command.replaceAll('\0', ' ').trim() });
  }
  return found.filter(({ command }) => command !== '');
}

/** Looks until `wanted` gives something; fails after far longer than anything here takes. */
export async function eventually<T>(
  wanted: () => Promise<T | null | undefined | false>,
): Promise<T> {
  for (let tries = 0; tries < 1500; tries++) {
    const got = await wanted();
    if (got !== null && got !== undefined && got !== false) return got;
    await sleep(20);
  }
  throw new Error('what was waited for never came');
}

/** No process, no temporary folder, no lease. Processes that clean up after others have some time for it. */
export async function expectNothingLeft(machine: Machine): Promise<void> {
  await eventually(async () => (await processesOf(machine)).length === 0).catch(() => undefined);
  expect(await processesOf(machine)).toEqual([]);
  expect(await readdir(join(machine.folder, 'tmp'))).toEqual([]);
  expect(await readdir(leasesOf(machine)).catch(() => [])).toEqual([]);
}

export const leasesOf = ({ folder }: Machine): string =>
  join(folder, '.local', 'state', 'onsale', 'leases');
