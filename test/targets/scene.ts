import { randomBytes } from 'node:crypto';
import { type Fixture, fixtureSchema } from '../../lib/model/fixture.ts';
import type { IntentsFile, Plan } from '../../lib/model/plan.ts';
import type { Admin, Connection } from '../../lib/targets/admin.ts';
import type { Asked, Protocol, Reading } from '../../lib/targets/protocol.ts';
import { intentsOf, planOf } from './connection.ts';

/** What is on sale, and for whom, of a plan of its own. */
export interface Scene {
  readonly connection: Connection;
  readonly fixture: Fixture;
  readonly intents: IntentsFile;
  readonly asked: { readonly plan: Plan; readonly intents: IntentsFile };
}

/** Provisioned as a run does it. */
export async function sceneOf(
  admin: Admin,
  connection: Connection,
  { plan, buyers }: { readonly plan: Partial<Plan>; readonly buyers: number },
): Promise<Scene> {
  const intents = intentsOf(randomBytes(5).toString('hex'), buyers, plan.pools);
  const asked = { plan: planOf(plan), intents };
  const { fixture } = await admin.provision(connection, asked);
  return { connection, fixture: fixtureSchema.parse(fixture), intents, asked };
}

/** What an actor wants otherwise than planned. */
export type Change = Partial<Asked> & { readonly quantity?: number };

/** One action of buyer `i`, as k6 would send it, with the connection's token for a secret. */
export async function act(
  protocol: Protocol,
  { connection, fixture, intents }: Scene,
  { kind, i, change = {} }: { kind: keyof Protocol; i: number; change?: Change | undefined },
): Promise<Reading> {
  const { quantity = 1, ...more } = change;
  const intent = { ...intents.intents[i]!, quantity };
  const asked: Asked = {
    ...{ buyer: fixture.buyers[i]!, pool: fixture.pools[intent.pool]!, intent },
    ...{ secret: connection.token ?? '', data: fixture.data ?? {}, order: null, seat: null },
    ...more,
  };
  const action = protocol[kind]!;
  const { path, ...sent } = action.say(asked);
  const reply = await fetch(`${connection.url}${path}`, { ...sent, redirect: 'manual' });
  const body = await reply.text();
  return action.read({ status: reply.status, body, silence: null }, asked);
}
