import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { Failure } from '../../../lib/model/failure.ts';
import type { Fixture } from '../../../lib/model/fixture.ts';
import { fixtureSchema } from '../../../lib/model/fixture.ts';
import type { IntentsFile } from '../../../lib/model/plan.ts';
import type { Connection, Wanted } from '../../../lib/targets/admin.ts';
import { optionsOf } from '../../../lib/targets/options.ts';
import { protocol } from '../../../lib/targets/wdm/protocol.ts';
import { wdm } from '../../../lib/targets/wdm/target.ts';
import { askedBy, connectionTo, intentsOf, planOf } from '../connection.ts';

export const { admin } = wdm;

/** A connection with the target's options as `name=value`. */
export function connection(
  url: string,
  { options = [], ...change }: { options?: string[] } & Partial<Omit<Connection, 'options'>> = {},
): Connection {
  return connectionTo(url, { options: optionsOf(wdm, options), ...change });
}

/** A plan and its intents, of `quantity` units each. */
export function wanted(
  plan: Parameters<typeof planOf>[0] = {},
  { buyers = 3, quantity = 1 }: { buyers?: number; quantity?: number } = {},
): Wanted {
  const pools = plan.pools ?? 1;
  const { intents, ...file } = intentsOf(randomBytes(5).toString('hex'), buyers, pools);
  return {
    plan: planOf(plan),
    intents: { ...file, intents: intents.map((intent) => ({ ...intent, quantity })) },
  };
}

export async function provisioned(to: Connection, asked: Wanted): Promise<Fixture> {
  return fixtureSchema.parse((await admin.provision(to, asked)).fixture);
}

/** Does one action of the protocol for intent i, and says how it was read. */
export async function act(
  url: string,
  kind: 'purchase' | 'availability' | 'status',
  { fixture, intents, i }: { fixture: Fixture; intents: IntentsFile; i: number },
) {
  const asked = { ...askedBy(fixture, intents, i), data: fixture.data ?? {} };
  const action = protocol[kind]!;
  const { method, path } = action.say(asked);
  const answer = await fetch(url + path, { method });
  const body = await answer.text();
  return action.read({ status: answer.status, body, silence: null }, asked);
}

export async function rejection(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}
