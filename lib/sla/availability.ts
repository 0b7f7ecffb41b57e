import { type History, OK, REFUSED } from '../history/history.ts';

/**
 * 1 for each slice of `sliceMs`, in order of time and counted from `origin`, in which any operation at `indices`
 * began that was answered with neither a fault nor silence; 0 where operations began and none was. Slices in which
 * nothing began say nothing and are left out, so a clock that jumps costs no memory.
 */
export function sliceFlags(
  history: History,
  indices: Int32Array,
  { origin, sliceMs }: { origin: number; sliceMs: number },
): Uint8Array {
  const flags = new Uint8Array(indices.length);
  let slices = 0;
  let current = Number.NaN;
  for (const i of indices) {
    const slice = Math.floor((history.start[i]! - origin) / sliceMs);
    if (slice !== current) slices++;
    current = slice;
    const outcome = history.outcome[i];
    if (outcome === OK || outcome === REFUSED) flags[slices - 1] = 1;
  }
  return flags.subarray(0, slices);
}
