import type { Outcome } from '../../model/operation.ts';
import type { Reply } from '../protocol.ts';

/** A reply that came, whatever its status; silence never reaches a file's own reading. */
export interface Answer {
  readonly status: number;
  /** As it came. */
  readonly body: string;
  /** The object in a JSON body; empty where there is none. */
  readonly content: Readonly<Record<string, unknown>>;
  /** Whatever a JSON body holds; undefined where it is no JSON. */
  readonly json: unknown;
}

/** What an own reading says of an answer, by `ok`, `soldOut`, `refused`, `failed` or `unclear`. */
export interface Told {
  readonly outcome: Outcome;
  /** Short class, empty for `ok`. */
  readonly reason: string;
  readonly details: {
    readonly [name in
      | 'order'
      | 'seat'
      | 'value'
      | 'state'
      | 'expiresAt'
      | 'amount'
      | 'mayLag']?: unknown;
  };
}

/** Longest body that is parsed, characters; a listing of thousands of tickets fits. */
const BODY_LENGTH_MAX = 1_000_000;

function parsed(body: string): unknown {
  if (body.length > BODY_LENGTH_MAX) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parsed at the first look: most refusals are told by their status alone. */
export function answerOf({ status, body }: Reply): Answer {
  let json: { readonly value: unknown } | undefined;
  const look = (): unknown => {
    json ??= { value: parsed(body) };
    return json.value;
  };
  return {
    status,
    body,
    get json() {
      return look();
    },
    get content() {
      const value = look();
      return isObject(value) ? value : {};
    },
  };
}

/** What lies at the end of this way through objects and lists; undefined where the way ends before. */
export function at(value: unknown, ...way: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of way) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}
