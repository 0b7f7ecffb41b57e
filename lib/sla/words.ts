import type { Activity, Objective, Scope } from '../model/sla.ts';
import type { Unit } from '../model/verdict.ts';
import type { Interval, Limit } from './interval.ts';

/** `1.24 s`, `312 ms`, `0.25 %`, `83.4/s`, `512`: three or more significant digits, the same on every machine. */
export function formatValue(unit: Unit, value: number): string {
  if (!Number.isFinite(value)) return 'unbounded';
  if (unit === 'ratio') return `${significant(value * 100)} %`;
  if (unit === 'perSecond') return `${significant(value)}/s`;
  if (unit === 'count') return significant(value);
  return Math.abs(value) < 1000 ? `${significant(value)} ms` : `${significant(value / 1000)} s`;
}

/** At least four significant digits and no digit of the whole part lost; without zeros at the end. */
function significant(value: number): string {
  const whole = Math.abs(value) >= 1000;
  return String(whole ? Math.round(value) : Number(value.toPrecision(4)));
}

/** `[1.1 s, 1.4 s]`. */
export function formatInterval(unit: Unit, { low, high }: Interval): string {
  return `[${formatValue(unit, low)}, ${formatValue(unit, high)}]`;
}

/** `≤ 300 ms`. */
export function formatLimit(unit: Unit, { direction, value }: Limit): string {
  return `${direction === 'lte' ? '≤' : '≥'} ${formatValue(unit, value)}`;
}

/** The promise in words, e.g. `p99 of purchase ≤ 300 ms`. */
export function promiseOf(objective: Objective): string {
  const text = promiseText(objective);
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}

function promiseText(objective: Objective): string {
  switch (objective.kind) {
    case 'latency': {
      const of = objective.outcomes === 'ok' ? ' that succeeded' : '';
      const quantile = `p${Number((objective.quantile * 100).toPrecision(6))}`;
      return `${quantile} of ${scopeWords(objective)}${of} ≤ ${formatValue('ms', objective.lte)}`;
    }
    case 'errorRatio': {
      const except =
        objective.expected.length > 0 ? ` other than ${objective.expected.join(', ')}` : '';
      const sliding =
        objective.sliding === undefined
          ? ''
          : `, also in any ${formatValue('ms', objective.sliding)}`;
      const limit = formatValue('ratio', objective.lte);
      const counted =
        objective.unit === 'intent' ? 'buyers who got no answer but errors' : 'errors';
      const of = objective.of === 'run' ? ' in this run' : '';
      return `${counted}${except} of ${scopeWords(objective)} ≤ ${limit}${sliding}${of}`;
    }
    case 'goodput': {
      const within =
        objective.within === undefined ? '' : ` within ${formatValue('ms', objective.within)}`;
      const limit = formatValue('perSecond', objective.gte);
      return `${scopeWords(objective, 'purchases and payments')} that succeeded${within} ≥ ${limit}`;
    }
    case 'timeToSoldOut':
      return `sold out after ≤ ${formatValue('ms', objective.lte)}`;
    case 'availability': {
      const slice = formatValue('ms', objective.slice);
      return `slices of ${slice} with an answer to ${scopeWords(objective)} ≥ ${formatValue('ratio', objective.gte)}`;
    }
    case 'longest':
      return `nobody waited for ${scopeWords(objective)} longer than ${formatValue('ms', objective.lte)}`;
    case 'resource':
      return `${objective.metric} ${objective.promise}`;
    case 'invariants': {
      const only = objective.only === undefined ? 'every invariant' : objective.only.join(', ');
      const except = objective.except === undefined ? '' : ` except ${objective.except.join(', ')}`;
      return `${only}${except} holds`;
    }
  }
}

function scopeWords({ operation, window, activity }: Scope, all = 'all operations'): string {
  const what = `${operation ?? all}${activity === undefined ? '' : activityWords(activity)}`;
  if (window === undefined) return what;
  const to = window.to === undefined ? 'the end' : formatValue('ms', window.to);
  return `${what} from ${formatValue('ms', window.from)} to ${to}`;
}

function activityWords({ above, upTo }: Activity): string {
  return above === undefined
    ? ` in minutes of at most ${formatValue('perSecond', upTo!)} arrivals`
    : ` in minutes of more than ${formatValue('perSecond', above)} arrivals`;
}
