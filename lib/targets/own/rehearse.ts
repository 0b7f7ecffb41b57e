import { z } from 'zod';
import { RunFailure } from '../../model/failure.ts';
import type { Fixture } from '../../model/fixture.ts';
import type { Secrets, Wanted } from '../admin.ts';
import type { Action, Asked, Protocol } from '../protocol.ts';
import type { Own } from './admin.ts';
import { OWN_WORDS, type OwnAction, type OwnProtocol } from './careful.ts';
import { answerOf } from './reply.ts';
import { misfit, thrownText } from './work.ts';

const exchangeSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().regex(/^\//, 'expected a path that begins with /'),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
});

/**
 * Says everything once that the first buyer could say, to nobody: what k6 would stumble over two thousand times is one
 * `RunFailure` before the load. What follows an order gets a name that an order could have.
 */
export function rehearse(
  own: Own,
  of: Wanted & { readonly fixture: Fixture; readonly secrets: Secrets },
): void {
  const asked = firstAsked(of);
  if (asked === null) return;
  for (const [kind, action] of actionsOf(own.protocol)) {
    const failed = sayFails(action, asked);
    if (failed === null) continue;
    throw new RunFailure({
      expected: `protocol.${kind}.say to give a request: method, path, headers and body`,
      got: failed.got,
      where: own.file.locate(failed.error) ?? own.file.shown,
      remedy: 'Mend it, or make the request by get() or post() of the module onsale.',
    });
  }
}

/**
 * Has everything said once and some replies read by the file's own words, and throws the first error that shows that
 * something is not there which the file takes for granted. Other errors may be those of ids that are no shop's.
 */
export function rehearsed(protocol: Protocol, asked: Asked): void {
  const words = (protocol as { [OWN_WORDS]?: OwnProtocol })[OWN_WORDS] ?? {};
  for (const action of Object.values(words) as OwnAction[]) {
    unlessMissing(() => action.say(asked));
    for (const [status, body] of REPLIES)
      unlessMissing(() => action.read(answerOf({ status, body, silence: null }), asked));
  }
}

const REPLIES = [
  [200, '{}'],
  [200, '[]'],
  [400, '{}'],
  [409, '{}'],
  [500, ''],
] as const;

/** A ReferenceError, of whatever realm. */
function unlessMissing(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if ((error as Error | null)?.name === 'ReferenceError') throw error;
  }
}

const actionsOf = (protocol: Protocol): [string, Action][] =>
  Object.entries(protocol) as [string, Action][];

function sayFails(action: Action, asked: Asked): { got: string; error: unknown } | null {
  try {
    const parsed = exchangeSchema.safeParse(action.say(asked));
    return parsed.success ? null : { got: misfit(parsed.error), error: null };
  } catch (error) {
    return { got: thrownText(error), error };
  }
}

function firstAsked({
  fixture,
  intents,
  secrets,
}: Wanted & { readonly fixture: Fixture; readonly secrets: Secrets }): Asked | null {
  const intent = intents.intents[0];
  const buyer = fixture.buyers[0];
  const pool = intent && fixture.pools[intent.pool];
  if (intent === undefined || buyer === undefined || pool === undefined) return null;
  return {
    ...{ buyer, pool, intent, data: fixture.data ?? {}, order: '1' },
    secret: secrets.buyers?.[0] ?? secrets.shared ?? '',
    seat: intent.seat === undefined ? null : (pool.seats?.[intent.seat] ?? null),
  };
}
