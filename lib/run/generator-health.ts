import { readFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';

/** How the generator's machine fared; null where the system does not tell. */
export interface GeneratorHealth {
  /** CPU time of k6 in one interval over that of all cores, 0–1. */
  readonly generatorCpuRatioMax: number | null;
  readonly generatorCpuRatioMean: number | null;
  /** CPU time that the hypervisor gave to others, over all CPU time of this machine. */
  readonly stealRatio: number | null;
}

/** Readings of one moment, in clock ticks since boot or start; null where there is no such file. */
interface Reading {
  readonly atMs: number;
  readonly processTicks: number | null;
  readonly machineTicks: { readonly all: number; readonly steal: number } | null;
}

/** USER_HZ: 100 on every Linux that Node runs on, whatever the kernel's own tick. */
const TICKS_A_SECOND = 100;
/** A shorter interval holds too few ticks of 10 ms to say anything. */
const INTERVAL_MS_MIN = 500;

/** Watches k6 from outside. */
export interface HealthWatch {
  /** Takes a reading; about once a second. Gives the memory that k6 holds, bytes, null where that is not told. */
  readonly look: () => Promise<number | null>;
  readonly health: () => GeneratorHealth;
}

/**
 * What this ratio can and cannot show: it is k6's own part of the machine, so a target on the same machine can starve
 * k6 while the ratio stays low. Whether arrivals came in time is seen in the history itself, by how late each began;
 * this ratio tells the one other thing, that k6 had no more to give.
 */
export function watchHealth(pid: number, clock: () => number = Date.now): HealthWatch {
  const cores = availableParallelism();
  const ratios: { readonly ratio: number; readonly overMs: number }[] = [];
  let first: Reading | null = null;
  let last: Reading | null = null;
  const compare = (before: Reading, now: Reading) => {
    if (before.processTicks === null || now.processTicks === null) return;
    const overMs = now.atMs - before.atMs;
    const usedMs = ((now.processTicks - before.processTicks) / TICKS_A_SECOND) * 1000;
    ratios.push({ ratio: usedMs / (overMs * cores), overMs });
  };
  return {
    look: async () => {
      const reading = await readAll(pid, clock());
      first ??= reading;
      if (last === null) last = reading;
      else if (reading.atMs - last.atMs >= INTERVAL_MS_MIN) {
        compare(last, reading);
        last = reading;
      }
      return residentBytes(pid);
    },
    health: () => ({
      generatorCpuRatioMax: ratios.length === 0 ? null : Math.max(...ratios.map((r) => r.ratio)),
      generatorCpuRatioMean: mean(ratios),
      stealRatio: first === null || last === null ? null : stealBetween(first, last),
    }),
  };
}

function mean(ratios: readonly { ratio: number; overMs: number }[]): number | null {
  const overMs = ratios.reduce((sum, r) => sum + r.overMs, 0);
  return overMs === 0 ? null : ratios.reduce((sum, r) => sum + r.ratio * r.overMs, 0) / overMs;
}

function stealBetween(first: Reading, last: Reading): number | null {
  if (first.machineTicks === null || last.machineTicks === null) return null;
  const all = last.machineTicks.all - first.machineTicks.all;
  return all <= 0 ? null : (last.machineTicks.steal - first.machineTicks.steal) / all;
}

async function readAll(pid: number, atMs: number): Promise<Reading> {
  const [stat, machine] = await Promise.all([
    readOrNull(`/proc/${pid}/stat`),
    readOrNull('/proc/stat'),
  ]);
  return {
    atMs,
    processTicks: stat === null ? null : processTicksIn(stat),
    machineTicks: machine === null ? null : machineTicksIn(machine),
  };
}

/** utime + stime of /proc/<pid>/stat (proc(5)); the name before them is in brackets and may hold anything. */
export function processTicksIn(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks : null;
}

/** First line of /proc/stat: user nice system idle iowait irq softirq steal; guest time is in user already. */
export function machineTicksIn(stat: string): { all: number; steal: number } | null {
  const ticks = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').slice(0, 8).map(Number);
  if (ticks === undefined || ticks.length < 8 || !ticks.every(Number.isFinite)) return null;
  return { all: ticks.reduce((sum, t) => sum + t, 0), steal: ticks[7]! };
}

async function residentBytes(pid: number): Promise<number | null> {
  const status = await readOrNull(`/proc/${pid}/status`);
  const kilobytes = status === null ? undefined : /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** The process may be gone, and only Linux has /proc: both are an answer here, not a trouble. */
async function readOrNull(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

/** k6 reads every reply as a whole and knows no limit, so the runner has to set one: half of the machine's memory. */
export const GENERATOR_BYTES_MAX = totalmem() / 2;
