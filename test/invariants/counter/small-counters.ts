import fc from 'fast-check';
import type { Sightings, Stock } from '../../../lib/invariants/counter/counter.ts';
import { Counter } from '../../../lib/invariants/counter/counter.ts';
import { type Window, WindowList, type Windows } from '../../../lib/invariants/counter/windows.ts';

/** One thing that happened to a counter, or was seen of it, at some moment of its interval. */
export interface Event {
  readonly start: number;
  readonly end: number;
  readonly kind: 'take' | 'mayTake' | 'give' | 'mayGive' | 'see';
  readonly tickets: number;
  readonly low: number;
  readonly high: number;
}

export interface Shapes {
  readonly eventsMax: number;
  readonly ticketsMax: number;
  readonly givesBack: boolean;
}

/**
 * Things happen at hidden moments, and sightings (reads, which say both bounds; refusals, which say the lower; and what
 * says only the upper) are of what was gone then. Some are a little off, so that many histories have no order.
 */
export function smallCounter(shapes: Shapes): fc.Arbitrary<readonly Event[]> {
  const back: readonly Event['kind'][] = shapes.givesBack ? ['give', 'mayGive'] : [];
  const draft = fc.record({
    kind: fc.constantFrom<Event['kind']>('take', 'take', 'mayTake', 'see', 'see', ...back),
    moment: fc.integer({ min: 0, max: shapes.eventsMax + 4 }),
    early: fc.integer({ min: 0, max: 2 }),
    late: fc.integer({ min: 0, max: 2 }),
    tickets: fc.integer({ min: 1, max: shapes.ticketsMax }),
    happened: fc.boolean(),
    off: fc.integer({ min: 0, max: 2 + (shapes.eventsMax >> 2) }),
    says: fc.constantFrom('both', 'both', 'both', 'low', 'high'),
  });
  return fc.array(draft, { maxLength: shapes.eventsMax }).map((drafts) => {
    let gone = 0;
    const events = drafts.map((each, i) => ({ ...each, i })).sort((a, b) => a.moment - b.moment);
    return events
      .map(({ kind, moment, early, late, tickets, happened, off, says, i }) => {
        const mayNot = kind === 'mayTake' || kind === 'mayGive';
        if (kind !== 'see' && (happened || !mayNot))
          gone += kind.match(/take/i) ? tickets : -tickets;
        const seen = off < 3 ? gone + 2 * off - 2 : gone;
        return {
          i,
          kind,
          start: moment - early,
          end: mayNot ? Number.POSITIVE_INFINITY : moment + late,
          tickets,
          low: says === 'high' ? Number.NEGATIVE_INFINITY : seen,
          high: says === 'low' ? Number.POSITIVE_INFINITY : seen,
        };
      })
      .sort((a, b) => a.i - b.i)
      .map(({ i: _, ...event }): Event => event);
  });
}

function windowsOf(events: readonly Event[], kinds: readonly Event['kind'][]): Windows {
  const list = new WindowList();
  events.forEach((event, operation) => {
    if (kinds.includes(event.kind))
      list.add({ ...event, operation, intent: operation } satisfies Window);
  });
  return list.build();
}

export function stockOf(events: readonly Event[]): Stock {
  return {
    taken: windowsOf(events, ['take']),
    mayTake: windowsOf(events, ['take', 'mayTake']),
    givenBack: windowsOf(events, ['give']),
    mayGiveBack: windowsOf(events, ['give', 'mayGive']),
  };
}

export function sightingsOf(events: readonly Event[]): Sightings {
  const seen = events.filter(({ kind }) => kind === 'see');
  return {
    length: seen.length,
    start: Float64Array.from(seen, ({ start }) => start),
    end: Float64Array.from(seen, ({ end }) => end),
    low: Float64Array.from(seen, ({ low }) => low),
    high: Float64Array.from(seen, ({ high }) => high),
  };
}

export function isContradictory(events: readonly Event[], slackMs: number): boolean {
  const counter = new Counter(stockOf(events), slackMs);
  const sightings = sightingsOf(events);
  return (['more', 'fewer'] as const).some(
    (direction) => counter.contradicted(sightings, direction).length > 0,
  );
}

/**
 * The naive judge: tries every order that agrees with time, and for what may have happened, whether it did. It shares no
 * idea with the counter's check.
 */
export function hasOrder(events: readonly Event[], slackMs: number): boolean {
  const extend = (left: readonly Event[], gone: number): boolean => {
    if (left.every(({ kind }) => kind === 'mayTake' || kind === 'mayGive')) return true;
    return left.some((next) => {
      if (left.some((other) => other.end + slackMs < next.start)) return false;
      if (next.kind === 'see' && (gone < next.low || gone > next.high)) return false;
      const moved = next.kind === 'take' || next.kind === 'mayTake' ? next.tickets : -next.tickets;
      const rest = left.filter((other) => other !== next);
      return extend(rest, next.kind === 'see' ? gone : gone + moved);
    });
  };
  return extend(events, 0);
}

/**
 * Slots 1, 2, … of unit jobs, filled by earliest deadline and never idle up to the largest slot that was seen: the
 * check as it is usually told. Unit tickets that never come back.
 */
export function fitsByEarliestDeadline(events: readonly Event[], slackMs: number): boolean {
  const seen = events.filter(({ kind }) => kind === 'see');
  const before = (a: Event, b: Event) => a.end + slackMs < b.start;
  const inOrder = seen.every((y) => seen.every((x) => !before(x, y) || x.low <= y.high));
  const jobs = events
    .filter(({ kind }) => kind === 'take' || kind === 'mayTake')
    .map((job) => ({
      must: job.kind === 'take',
      low: 1 + Math.max(0, ...seen.filter((x) => before(x, job)).map(({ low }) => low)),
      high: Math.min(
        Number.POSITIVE_INFINITY,
        ...seen.filter((y) => before(job, y)).map(({ high }) => high),
      ),
    }));
  const last = Math.max(0, ...seen.map(({ low }) => low));
  const open = new Set(jobs);
  for (let slot = 1; slot <= last || [...open].some(({ must }) => must); slot++) {
    const ready = [...open].filter(({ low }) => low <= slot);
    const [next] = ready.sort((a, b) => a.high - b.high || Number(b.must) - Number(a.must));
    if (next === undefined) {
      if (slot <= last) return false;
      continue;
    }
    if (next.must && next.high < slot) return false;
    open.delete(next);
  }
  return inOrder && seen.every(({ high }) => high >= 0);
}
