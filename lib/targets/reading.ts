import type { Asked, Reading, Reply } from './protocol.ts';

/*
 * What the protocols have in common in reading replies, and the keys of requests. It is bundled into the scenario, so it
 * imports nothing at run time.
 */

/** The object in a JSON body; null for any other content, and for a body longer than `lengthMax` characters. */
export function parsedObject(
  body: string,
  lengthMax = 4096,
): Readonly<Record<string, unknown>> | null {
  const value = parsedJson(body, lengthMax);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** The content of a JSON body; undefined where it is none, and for a body longer than `lengthMax` characters. */
export function parsedJson(body: string, lengthMax = 4096): unknown {
  if (body.length > lengthMax) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** No reply to something that changes the target: only a connection that never was proves that nothing happened. */
export function readSilence(silence: Exclude<Reply['silence'], null>): Reading {
  const outcome = silence === 'connection-refused' ? 'fail' : 'info';
  return { outcome, reason: silence, told: '' };
}

/** The reply to a read that told nothing: whatever became of it, it changed nothing. */
export function failedRead({ status, silence, body }: Reply): Reading {
  return {
    outcome: 'fail',
    reason: silence ?? (status === 200 ? 'unreadable-reply' : `http-${status}`),
    told: body,
  };
}

/** A text of 1 to 200 characters, or a whole number as such a text; undefined for anything else. */
export function idIn(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value.length >= 1 && value.length <= 200 ? value : undefined;
}

/** A whole number that can be counted with; undefined for anything else. */
export function wholeIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** A time in ISO 8601 as Unix epoch milliseconds; undefined for anything else. */
export function timeIn(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}

/** Only those entries that are there: an optional key of a reading must not be undefined. */
export function present<T extends object>(
  entries: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/**
 * What a step of an intent is known by to a target that recognises keys; an empty `step` for the purchase itself. Where
 * its run's id was used before, `data.again` makes it another key: to the old one the target would tell its old answer,
 * of an order that was there before the run.
 */
export function keyOf({ intent, data }: Pick<Asked, 'intent' | 'data'>, step = ''): string {
  return [intent.key, step, data.again ?? ''].filter((part) => part !== '').join(':');
}
