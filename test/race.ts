/** Who is between whose steps is up to the machine; this often a race may be won before a test says that nobody loses it. */
const RACES_MAX = 20;

/** Runs a race until `lost` finds its trace in what it left; what the last one left if none does. */
export async function raceUntil<Found>(
  lost: (found: Found) => boolean,
  race: (attempt: number) => Promise<Found>,
): Promise<Found> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await race(attempt);
    if (lost(found) || attempt === RACES_MAX) return found;
  }
}
