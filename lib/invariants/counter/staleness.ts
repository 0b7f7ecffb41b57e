/**
 * The smallest whole number of milliseconds above `least` for which `fits`, which is false below it and true from it on; null
 * where it is not even true for `most`, rounded up. Asks O(log most) times.
 */
export function leastDelayMs(
  fits: (delayMs: number) => boolean,
  { least, most }: { readonly least: number; readonly most: number },
): number | null {
  let low = least;
  let high = least + 1;
  while (!fits(high)) {
    if (high >= most) return null;
    low = high;
    high = Math.min(2 * high, Math.ceil(most));
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return high;
}
