import { randomBytes } from 'node:crypto';
import { fixtureSchema } from '../../../lib/model/fixture.ts';
import type { OperationKind } from '../../../lib/model/operation.ts';
import type { IntentsFile, Plan } from '../../../lib/model/plan.ts';
import type { Connection, Provisioned } from '../../../lib/targets/admin.ts';
import { protocol } from '../../../lib/targets/co4353/protocol.ts';
import { co4353 } from '../../../lib/targets/co4353/target.ts';
import { optionsOf } from '../../../lib/targets/options.ts';
import type { Asked } from '../../../lib/targets/protocol.ts';
import type { Shop } from '../../target/co4353/shop.ts';
import { askedBy, connectionTo, intentsOf, planOf } from '../connection.ts';

export interface Way {
  readonly options?: readonly string[];
  readonly change?: Partial<Connection>;
}

/** Over HTTP, by signing up. */
export function overHttp(shop: Shop, { options = [], change = {} }: Way = {}): Connection {
  const given = optionsOf(co4353, ['propagation=400ms', ...options]);
  return connectionTo(shop.urls[0]!, { options: given, ...change });
}

/** With the signing key and the database. */
export function overSql(shop: Shop, { options = [], change = {} }: Way = {}): Connection {
  const databaseUrl = shop.sql.options.connectionString!;
  return overHttp(shop, { options, change: { token: shop.signingKey, databaseUrl, ...change } });
}

const newRunId = (): string => randomBytes(5).toString('hex');
export const askedFor = (buyers: number, plan: Partial<Plan> = {}) => ({
  plan: planOf({ buyers, ...plan }),
  intents: intentsOf(newRunId(), buyers, plan.pools),
});

/** A run that can act for its buyers. */
export interface Run extends Provisioned {
  readonly intents: IntentsFile;
}
export async function provisioned(connection: Connection, asked: ReturnType<typeof askedFor>) {
  const made = await co4353.admin.provision(connection, asked);
  fixtureSchema.parse(made.fixture);
  return { ...made, intents: asked.intents };
}

/** What one buyer asks for, as k6 would send it. */
export async function act(
  shop: Shop,
  run: Run,
  i: number,
  kind: OperationKind,
  more?: Partial<Asked>,
) {
  const { fixture, secrets, intents } = run;
  const secret = secrets.buyers?.[i] ?? secrets.shared ?? '';
  const asked = { ...askedBy(fixture, intents, i), secret, data: fixture.data ?? {}, ...more };
  const { path, method, headers, body } = protocol[kind]!.say(asked);
  const reply = await fetch(shop.urls[0]! + path, { method, headers, body });
  const text = await reply.text();
  return protocol[kind]!.read({ status: reply.status, body: text, silence: null }, asked);
}
