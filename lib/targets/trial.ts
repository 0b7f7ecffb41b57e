import { RunFailure } from '../model/failure.ts';
import type { Connection, Trial } from './admin.ts';
import { type Answer, type Ask, describe, request } from './request.ts';

/** One call of a contract and what its reply has to be. */
export interface TrialAsk extends Omit<Ask, 'expected' | 'remedy'> {
  /** For people, such as `POST /api/purchase of an unknown ticket`. */
  readonly what: string;
  readonly statuses: readonly number[];
  /** What the body has to be, in words; empty where any will do. */
  readonly telling?: string;
  readonly fits?: (answer: Answer) => boolean;
}

const REACHABLE = {
  expected: 'an answer of the target',
  remedy: 'Check that it runs and that --url is its base.',
};

const expectedOf = ({ statuses, telling = '' }: TrialAsk): string =>
  `status ${statuses.join(' or ')}${telling === '' ? '' : `, ${telling}`}`;

function compared(asked: TrialAsk, answer: Answer): Trial {
  const { what, statuses, fits = () => true } = asked;
  const isAsExpected = statuses.includes(answer.status) && fits(answer);
  return { what, expected: expectedOf(asked), got: isAsExpected ? null : describe(answer) };
}

/** Sends one request and compares the reply with the contract. A call without a reply is a difference, not a failure. */
export async function tried(connection: Connection, asked: TrialAsk): Promise<Trial> {
  const expected = expectedOf(asked);
  try {
    return compared(asked, await request(connection, { ...asked, expected, remedy: '' }));
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    return { what: asked.what, expected, got: error.parts.got };
  }
}

/**
 * One after the other: a contract is tried, not a crowd. Fails with a `RunFailure` where the first call gets no reply:
 * then there is nobody to be compared.
 */
export async function triedAll(
  connection: Connection,
  [first, ...others]: readonly TrialAsk[],
): Promise<Trial[]> {
  if (first === undefined) return [];
  const trials = [compared(first, await request(connection, { ...first, ...REACHABLE }))];
  for (const ask of others) trials.push(await tried(connection, ask));
  return trials;
}

/** Whether a body is JSON whose content passes; false for anything that is no JSON. */
export function tellsJson(
  passes: (content: unknown) => boolean,
): (answer: Pick<Answer, 'body'>) => boolean {
  return ({ body }) => {
    try {
      return passes(JSON.parse(body));
    } catch {
      return false;
    }
  };
}
