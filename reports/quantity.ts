import type { Measurement, ObjectiveResult, Unit } from '../lib/model/verdict.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** `1,234`; at most four significant digits below 100. */
export function showCount(value: number): string {
  return Math.abs(value) >= 100 || Number.isInteger(value)
    ? whole.format(value)
    : precise.format(value);
}

/** Milliseconds as people say them: `4.2 ms`, `812 ms`, `1.382 s`, `2 min 5 s`. */
export function showDuration(valueMs: number): string {
  const sign = valueMs < 0 ? '−' : '';
  const ms = Math.abs(valueMs);
  if (ms < 999.95) return `${sign}${precise.format(ms)} ms`;
  if (ms < 59_995) return `${sign}${precise.format(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const rest = seconds % 60 === 0 ? '' : ` ${seconds % 60} s`;
  return `${sign}${whole.format(Math.floor(seconds / 60))} min${rest}`;
}

/** ECMA-262: the latest moment that a Date can be. */
const DATE_MS_MAX = 8.64e15;

/** Unix epoch ms as an ISO 8601 date; files may name what lies beyond all dates. */
export function showDate(time: number): string {
  return Math.abs(time) <= DATE_MS_MAX
    ? new Date(time).toISOString()
    : `${showCount(time)} ms of Unix time`;
}

export function showRatio(ratio: number): string {
  return `${precise.format(ratio * 100)} %`;
}

/** A value in its unit. */
export function showValue(value: number, unit: Unit): string {
  return {
    ms: showDuration,
    ratio: showRatio,
    perSecond: (rate: number) => `${precise.format(rate)}/s`,
    count: showCount,
  }[unit](value);
}

/** What stands for the interval of a value that needs none. */
export const EXACT = 'exact';

/** `640 ms to 1.02 s`; an open end says so; `exact` of a value without doubt. Null where there is no interval. */
export function showInterval({ low, high, unit, method }: Measurement): string | null {
  if (low !== null && low === high && method.startsWith('exact')) return EXACT;
  if (low === null && high === null) return null;
  if (low === null) return `at most ${showValue(high!, unit)}`;
  if (high === null) return `at least ${showValue(low, unit)}`;
  return `${showValue(low, unit)} to ${showValue(high, unit)}`;
}

/** Without a measurement the kind of an objective tells the unit of its limit. */
const UNITS: Readonly<Record<string, Unit>> = {
  latency: 'ms',
  timeToSoldOut: 'ms',
  longest: 'ms',
  errorRatio: 'ratio',
  availability: 'ratio',
  goodput: 'perSecond',
};

/** `≤ 300 ms`; null where the objective has no limit. */
export function showLimit({ limit, measurement, kind }: ObjectiveResult): string | null {
  if (limit === null) return null;
  const sign = limit.direction === 'lte' ? '≤' : '≥';
  return `${sign} ${showValue(limit.value, measurement?.unit ?? UNITS[kind] ?? 'count')}`;
}
