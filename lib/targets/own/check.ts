import { z } from 'zod';
import { Failure } from '../../model/failure.ts';
import type { Fixture } from '../../model/fixture.ts';
import type { IntentsFile } from '../../model/plan.ts';
import { SCHEMA_VERSION } from '../../model/schema-version.ts';
import { type Connection, noSecrets, type Trial } from '../admin.ts';
import { type TrialAsk, tried } from '../trial.ts';
import { headersFor, type Own, poolsOf } from './admin.ts';
import type { AdminCall } from './definition.ts';
import { ordersOfRun } from './read.ts';
import { answerOf } from './reply.ts';
import { workOf } from './work.ts';

const callSchema = z.strictObject({
  say: z.strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    path: z.string().startsWith('/'),
    headers: z.record(z.string(), z.string()),
    body: z.string().nullable(),
  }),
  what: z.string().max(200).optional(),
  statuses: z.array(z.int()).min(1),
  telling: z.string().max(200).optional(),
  fits: z.custom<NonNullable<AdminCall['fits']>>((value) => typeof value === 'function').optional(),
});

/**
 * The file's listings once each, then the calls that it declares. Fails with a `RunFailure` where the pools cannot be
 * told: then there is no shop to compare with.
 */
export async function checkOwn(own: Own, connection: Connection): Promise<Trial[]> {
  const pools = await poolsOf(own, connection);
  const told: Trial = { what: 'pools()', expected: 'a list of pools', got: null };
  const listing = await triedOrders(own, connection, pools);
  const headers = await headersFor(own, connection);
  const calls = await workOf(own.file, connection, {
    what: 'check()',
    run: () => own.admin.check?.({ pool: pools[0]?.id ?? null }) ?? [],
    expected: 'a list of calls, each with say and statuses',
    schema: z.array(callSchema),
  });
  const trials: Trial[] = [];
  for (const call of calls) trials.push(await tried(connection, askOf(call, headers)));
  return [told, listing, ...trials];
}

function askOf(
  { say, what = `${say.method} ${say.path}`, statuses, telling, fits }: z.infer<typeof callSchema>,
  usual: Readonly<Record<string, string>>,
): TrialAsk {
  return {
    ...{ what, method: say.method, path: say.path, statuses },
    headers: { ...usual, ...say.headers },
    ...(say.body !== null && { body: say.body }),
    ...(telling !== undefined && { telling }),
    ...(fits !== undefined && { fits: (answer) => fitsOf(fits, answer) }),
  };
}

/** A file's word that breaks down over a reply has not found it fit. */
function fitsOf(fits: NonNullable<AdminCall['fits']>, answer: { status: number; body: string }) {
  try {
    return fits(answerOf({ ...answer, silence: null })) === true;
  } catch {
    return false;
  }
}

/** Those of all pools, and of a buyer that nobody has made: none, most likely, but told as a list. */
async function triedOrders(
  own: Own,
  connection: Connection,
  pools: readonly { id: string; name: string }[],
): Promise<Trial> {
  const what = own.admin.orders === undefined ? 'ordersOf()' : 'orders()';
  const expected = 'a list of orders';
  const fixture: Fixture = {
    ...{ schemaVersion: SCHEMA_VERSION, access: 'http', event: '', baselineOrders: [] },
    pools: pools.map(({ id, name }) => ({ id, name, capacity: 0, remaining: null })),
    buyers: own.admin.makeBuyer === undefined ? [{ id: 'onsale-check' }] : [],
  };
  const intents: IntentsFile = { schemaVersion: SCHEMA_VERSION, runId: 'check', intents: [] };
  try {
    await ordersOfRun(own, connection, { fixture, intents, secrets: noSecrets });
    return { what, expected, got: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { what, expected, got: `${error.parts.got} (${error.parts.where})` };
  }
}
