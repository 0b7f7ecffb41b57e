import type { ClockAccount } from '../model/manifest.ts';

/** Milliseconds of two clocks of one machine: the one that operations are stamped by, and one that nobody sets. */
export interface Clocks {
  /** Unix epoch, whole milliseconds. */
  readonly wall: () => number;
  /** From any moment on; never set, never backwards. */
  readonly steady: () => number;
}

export const systemClocks: Clocks = { wall: Date.now, steady: () => performance.now() };

/** Compares the clocks when it is looked at. */
export interface ClockMeter {
  readonly look: () => void;
  readonly account: () => ClockAccount;
}

/** A meter that looks by itself until it is ended. */
export interface ClockWatch {
  /** Looks once more. */
  readonly account: () => ClockAccount;
  readonly end: () => void;
}

const LOOK_EVERY_MS = 250;

/**
 * How far the wall clock certainly went another way than the steady one, between any two looks: a step, or a slow
 * correction. A reading of whole milliseconds lies between two of the steady clock, so it tells where the wall clock
 * stands against it within a millisecond and the time of the readings, and only what is beyond that counts: a machine that
 * is slow to read its clocks does not look like one whose clock was set.
 */
export function meterClock({ wall, steady }: Clocks): ClockMeter {
  let samples = 0;
  let aheadMin = Number.POSITIVE_INFINITY;
  let aheadMax = Number.NEGATIVE_INFINITY;
  const look = () => {
    const before = steady();
    const shown = wall();
    const after = steady();
    samples++;
    aheadMin = Math.min(aheadMin, shown + 1 - before);
    aheadMax = Math.max(aheadMax, shown - after);
  };
  look();
  return {
    look,
    account: () => {
      const deviationMs = Math.max(0, aheadMax - aheadMin);
      return { samples, deviationMsMax: Math.ceil(deviationMs * 1000) / 1000 };
    },
  };
}

/** Looks four times a second, and keeps no process alive. */
export function watchClock(clocks: Clocks = systemClocks): ClockWatch {
  const meter = meterClock(clocks);
  const timer = setInterval(meter.look, LOOK_EVERY_MS).unref();
  return {
    account: () => {
      meter.look();
      return meter.account();
    },
    end: () => clearInterval(timer),
  };
}
