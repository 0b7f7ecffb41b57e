/** What cannot be used at all: not a certificate, not a run. Its message is safe to print. */
export class Unusable extends Error {}

/** Reads a value as a T or throws an {@link Unusable} that names the place; never copies a value into the message. */
export type Shape<T> = (value: unknown, place: string) => T;

function refuse(place: string, expected: string): never {
  throw new Unusable(`${place}: expected ${expected}`);
}

export const text =
  (most: number): Shape<string> =>
  (value, place) =>
    typeof value === 'string' && value.length <= most
      ? value
      : refuse(place, `a text of at most ${most} characters`);

export const number =
  (least: number, most: number): Shape<number> =>
  (value, place) =>
    typeof value === 'number' && value >= least && value <= most
      ? value
      : refuse(place, `a number from ${least} to ${most}`);

export const whole =
  (least: number, most: number = Number.MAX_SAFE_INTEGER): Shape<number> =>
  (value, place) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? (value as number)
      : refuse(place, `a whole number from ${least} to ${most}`);

export const flag: Shape<boolean> = (value, place) =>
  typeof value === 'boolean' ? value : refuse(place, 'true or false');

export const oneOf =
  <T extends string | number>(...words: readonly T[]): Shape<T> =>
  (value, place) =>
    words.includes(value as T) ? (value as T) : refuse(place, words.join(' or '));

export const nullable =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value, place) =>
    value === null ? null : shape(value, place);

export const list =
  <T>(most: number, shape: Shape<T>): Shape<readonly T[]> =>
  (value, place) =>
    Array.isArray(value) && value.length <= most
      ? value.map((each, i) => shape(each, `${place}[${i}]`))
      : refuse(place, `a list of at most ${most}`);

type Shapes<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };

/** Just these keys, `__proto__` and the like being others; those named in `optional` may be missing. */
export const record =
  <T>(shapes: Shapes<T>, optional: readonly (keyof T & string)[] = []): Shape<T> =>
  (value, place) => {
    const keys = Object.keys(shapes) as (keyof T & string)[];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse(place, 'an object');
    }
    const has = keys.filter((key) => Object.hasOwn(value, key));
    const isWhole = keys.every((key) => has.includes(key) || optional.includes(key));
    if (!isWhole || Object.keys(value).length !== has.length) {
      return refuse(place, `just the keys ${keys.join(', ')}`);
    }
    const given = value as Readonly<Record<string, unknown>>;
    const read = has.map((key) => [key, shapes[key](given[key], `${place}.${key}`)]);
    return Object.fromEntries(read) as T;
  };

/** Keys that are not asked for are passed over: the run's files are checked by whoever made them. */
export function pick<T>(value: unknown, name: string, key: string, shape: Shape<T>): T {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
    throw new Unusable(`${name}: expected an object with ${key}`);
  }
  return shape((value as Readonly<Record<string, unknown>>)[key], `${name}.${key}`);
}

export const optional =
  <T>(shape: Shape<T>, otherwise: T): Shape<T> =>
  (value, place) =>
    value === undefined ? otherwise : shape(value, place);

export const anything: Shape<unknown> = (value) => value;
/** More than any list has. */
export const MANY = 100_000_000;

export function parseJson(source: string, place: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // The parser quotes the text, which may be hostile.
    throw new Unusable(`${place}: expected JSON`);
  }
}
