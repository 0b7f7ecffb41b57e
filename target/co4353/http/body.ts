import { type ErrorNote, Refusal } from './errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a parsed body; none for anything but an object. */
export function fieldsOf(body: unknown): Fields {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Fields) : {};
}

/**
 * What `express.json()` makes of a body: other media types are ignored, and the top is an object or an array.
 * @throws SyntaxError
 */
export function parseBody(mediaType: string, bytes: Buffer): unknown {
  if (!/^application\/([^/;]+\+)?json\b/i.test(mediaType) || bytes.length === 0) return {};
  const text = bytes.toString('utf8');
  if (!/^\s*[[{]/.test(text)) throw new SyntaxError(`Unexpected token in JSON at position 0`);
  return JSON.parse(text);
}

/** What a field has to be, and what is said where it is not. */
export interface Rule {
  readonly field: string;
  readonly message: string;
  readonly accepts: (value: unknown) => boolean;
}

/** @throws Refusal with one entry for each rule that is broken. */
export function demand(fields: Fields, rules: readonly Rule[]): void {
  const errors: ErrorNote[] = rules
    .filter(({ field, accepts }) => !accepts(fields[field]))
    .map(({ field, message }) => ({ message, field }));
  if (errors.length > 0) throw new Refusal(400, errors);
}

export const isFilled = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '';
export const isEmail = (value: unknown) =>
  typeof value === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(value);
export const isPassword = (value: unknown) =>
  typeof value === 'string' && value.trim().length >= 4 && value.trim().length <= 20;
export const isPrice = (value: unknown) =>
  isFilled(String(value ?? '')) && Number.isFinite(Number(value)) && Number(value) > 0;
export const isStock = (value: unknown) =>
  /^\d{1,9}$/.test(String(value ?? '')) && Number(value) > 0;
export const isDate = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value));
export const isDescription = (value: unknown) => isFilled(value) && value.length < 2000;
