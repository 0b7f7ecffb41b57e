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
  /**
   * Takes a reading; some times a second. CPU counts from `loadBegan` on (T₀, Unix epoch milliseconds; null: not yet):
   * making thousands of virtual users keeps every core busy, and is no load. Gives the memory that k6 holds, bytes, null
   * where that is not told.
   */
  readonly look: (loadBegan: number | null) => Promise<number | null>;
  readonly health: () => GeneratorHealth;
}

/**
 * What this ratio can and cannot show: it is k6's own part of the machine, so a target on the same machine can starve
 * k6 while the ratio stays low. Whether arrivals came in time is seen in the history itself, by how late each began;
 * this ratio tells the one other thing, that k6 had no more to give.
 */
export function watchHealth(pid: number, clock: () => number = Date.now): HealthWatch {
  const cores = availableParallelism();
  const uses: CpuUse[] = [];
  /** Of a load that is over before an interval is: better than nothing. */
  let short: CpuUse | null = null;
  let first: Reading | null = null;
  let last: Reading | null = null;
  const follow = (since: Reading, now: Reading): Reading => {
    const use = cpuUse(since, now, cores);
    short = use ?? short;
    if (now.atMs - since.atMs < INTERVAL_MS_MIN) return since;
    if (use !== null) uses.push(use);
    return now;
  };
  return {
    look: async (loadBegan) => {
      const reading = await readAll(pid, clock());
      first ??= reading;
      const isLoaded = loadBegan !== null && reading.atMs >= loadBegan;
      last = last !== null && isLoaded ? follow(last, reading) : reading;
      return residentBytes(pid);
    },
    health: () => {
      const known = uses.length === 0 && short !== null ? [short] : uses;
      return {
        generatorCpuRatioMax: known.length === 0 ? null : Math.max(...known.map((u) => u.ratio)),
        generatorCpuRatioMean: mean(known),
        stealRatio: first === null || last === null ? null : stealBetween(first, last),
      };
    },
  };
}

interface CpuUse {
  readonly ratio: number;
  readonly overMs: number;
}

/** Null where the process was not there for the whole time, or no time went by. */
function cpuUse(before: Reading, now: Reading, cores: number): CpuUse | null {
  const overMs = now.atMs - before.atMs;
  if (before.processTicks === null || now.processTicks === null || overMs <= 0) return null;
  const usedMs = ((now.processTicks - before.processTicks) / TICKS_A_SECOND) * 1000;
  return { ratio: usedMs / (overMs * cores), overMs };
}

function mean(ratios: readonly CpuUse[]): number | null {
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
