import type { Figure } from '../../lib/model/figure.ts';
import type { ReportInput } from '../report.ts';
import { errorsOverTime } from './errors-over-time.ts';
import { latencyByPercentile } from './latency-by-percentile.ts';
import { latencyOverTime } from './latency-over-time.ts';
import { salesOverTime } from './sales-over-time.ts';

const figures = [salesOverTime, latencyOverTime, latencyByPercentile, errorsOverTime] as const;

const drawn = new WeakMap<ReportInput, readonly Figure[]>();

/** Every chart of a run, in the order of a page; made once for an input, as several renderers draw them. */
export function figuresOf(input: ReportInput): readonly Figure[] {
  const known = drawn.get(input);
  if (known !== undefined) return known;
  const made = figures.map((figure) => figure(input));
  drawn.set(input, made);
  return made;
}
