import type { Visitor } from './ask.ts';
import { waitUntil } from './pace.ts';
import { settings } from './settings.ts';

/** Waits so long, milliseconds on the wall clock. */
export function pause(ms: number): void {
  if (ms > 0) waitUntil(Date.now() + ms);
}

/** The clock has whole milliseconds: within one of them nobody can say what came first. */
const CLOCK_MS = 5;

/** Lets the clock move on, so that what comes next certainly comes later. */
export function tick(): void {
  pause(CLOCK_MS);
}

/**
 * Numbers from [0, 1) for one visitor, the same in every run with the same seed.
 * Mulberry32 (Tommy Ettinger, 2017, public domain), seeded with FNV-1a of the intent's number.
 */
export function drawsOf({ intent }: Pick<Visitor, 'intent'>): () => number {
  let state = settings.seed ^ Math.imul(Number(/\d+$/.exec(intent.key)?.[0] ?? 0) + 1, 0x9e37_79b1);
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A moment of thought, as long as the plan has it. */
export function think(draw: () => number): void {
  const { min, max } = settings.thinkMs;
  pause(Math.round(min + (max - min) * draw()));
}
