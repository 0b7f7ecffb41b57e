import pc from 'picocolors';
import type { LoadProgress } from '../lib/run/load.ts';
import type { Terminal } from './terminal.ts';

/** Says how far long work is: one calm block on a terminal, a line every few seconds elsewhere. */
export interface Progress {
  /** Work that has a known size; called as often as one likes. */
  readonly step: (what: string, done: number, total: number) => void;
  /** The load, about once a second. */
  readonly load: (now: LoadProgress) => void;
}

/** Seconds between plain lines. */
const PLAIN_LINE_EVERY_MS = 5000;
/** Between two drawings of a step: thousands of buyers would be a flicker. */
const REDRAW_EVERY_MS = 100;
const BAR_WIDTH = 30;

export function openProgress(terminal: Terminal, clock: () => number = Date.now): Progress {
  let saidAt = clock();
  let drawnAt = Number.NEGATIVE_INFINITY;
  const plain = (line: () => string) => {
    if (clock() - saidAt < PLAIN_LINE_EVERY_MS) return;
    saidAt = clock();
    terminal.note(line());
  };
  return {
    step: (what, done, total) => {
      if (!terminal.interactive) return plain(() => `  ${what}: ${done} of ${total}`);
      const over = done >= total;
      if (!over && clock() - drawnAt < REDRAW_EVERY_MS) return;
      drawnAt = clock();
      terminal.redraw([`  ${what}  ${bar(done, total)}  ${done} of ${total}`]);
      if (over) terminal.settle();
    },
    load: (now) => {
      if (terminal.interactive) terminal.redraw(loadBlock(now));
      else if (!justBegun(now)) plain(() => loadLine(now));
    },
  };
}

/** `total` 0 is an empty bar. */
function bar(done: number, total: number): string {
  const full = total === 0 ? 0 : Math.min(BAR_WIDTH, Math.round((done / total) * BAR_WIDTH));
  return pc.cyan('━'.repeat(full)) + pc.dim('━'.repeat(BAR_WIDTH - full));
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(0)} s`;
const latency = (ms: number | null) => (ms === null ? '–' : `${ms.toFixed(0)} ms`);

/** Rates over the first few milliseconds after T₀ are absurd. */
const justBegun = ({ elapsedMs }: LoadProgress) => elapsedMs > 0 && elapsedMs < 1000;

function loadBlock(now: LoadProgress): string[] {
  const errors = now.errors === 0 ? '0' : pc.red(String(now.errors));
  return [
    `  time       ${seconds(now.elapsedMs)}`,
    `  answered   ${bar(now.answered, now.offered)}  ${now.answered} of ${now.offered}`,
    `  sold       ${bar(now.sold, now.capacity)}  ${now.sold} of ${now.capacity}`,
    `  rate       ${now.offeredPerSecond.toFixed(0)}/s buyers due, ${now.deliveredPerSecond.toFixed(0)}/s replies`,
    `  p95        ${latency(now.latencyMsP95)} in the last second     errors  ${errors}`,
  ];
}

function loadLine(now: LoadProgress): string {
  return (
    `  ${seconds(now.elapsedMs)}: ${now.answered} of ${now.offered} answered` +
    ` (${now.offeredPerSecond.toFixed(0)}/s buyers due, ${now.deliveredPerSecond.toFixed(0)}/s replies),` +
    ` p95 ${latency(now.latencyMsP95)}, ${now.errors} errors, ${now.sold} of ${now.capacity} sold`
  );
}
