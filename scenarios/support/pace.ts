import { sleep } from 'k6';
import exec from 'k6/execution';
import { flush } from './record.ts';
import { settings } from './settings.ts';

/** Before a wait as long as this, what is held is written out. */
const FLUSH_BEFORE_MS = 50;
/** After the last arrival is done, the time for every virtual user to come to its own closing visit. */
const CLOSING_MOMENT_MS = 200;

/** Waits until the wall clock shows `due` (Unix epoch ms); returns at once if it is past. */
export function waitUntil(due: number): void {
  const waitMs = due - Date.now();
  if (waitMs >= FLUSH_BEFORE_MS) flush();
  // Timers may wake a little early on the wall clock: nobody enters before the doors open.
  for (let leftMs = due - Date.now(); leftMs > 0; leftMs = due - Date.now()) sleep(leftMs / 1000);
}

/** How often a waiting virtual user looks: some 4,000 looks a second in all, however many there are. */
function lookEveryMs(): number {
  return Math.min(1000, Math.max(50, settings.virtualUsers / 4));
}

/**
 * Closing visit. k6 hands the iterations after the last arrival to whichever virtual user is free; one that stays in
 * its visit until every arrival is done cannot take a second, so each gets exactly one, and nobody's lines are left.
 */
export function closingVisit(startedAt: number): void {
  flush();
  waitUntil(startedAt + settings.lastOffsetMs);
  while (exec.instance.iterationsCompleted < settings.intents) sleep(lookEveryMs() / 1000);
  sleep(CLOSING_MOMENT_MS / 1000);
}
