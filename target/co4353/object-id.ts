import { randomBytes } from 'node:crypto';

/** A new id in MongoDB's form: 24 hexadecimal digits, of which the first 8 are the second it was made in. */
export function newId(): string {
  const seconds = Math.floor(Date.now() / 1000);
  return seconds.toString(16).padStart(8, '0') + randomBytes(8).toString('hex');
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value);
}

/** An id that cannot be one. In the original the driver throws this and nobody catches it. */
export class CastFailed extends Error {
  constructor(value: unknown, model: string) {
    super(
      `Cast to ObjectId failed for value "${String(value)}" (type ${typeof value}) at path "_id" for model "${model}"`,
    );
  }
}

/** The value as an id. @throws CastFailed */
export function castId(value: unknown, model: string): string {
  if (!isId(value)) throw new CastFailed(value, model);
  return value.toLowerCase();
}
