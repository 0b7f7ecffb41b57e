import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { RunFailure, UsageFailure } from '../../model/failure.ts';
import type { Fixture, Pool } from '../../model/fixture.ts';
import type { IntentsFile, Plan } from '../../model/plan.ts';
import { SCHEMA_VERSION } from '../../model/schema-version.ts';
import type { Connection, Known, Wanted } from '../admin.ts';
import { request } from '../request.ts';
import { authorised, call, listing, VERSION_PATH } from './calls.ts';
import {
  eventSchema,
  itemSchema,
  organizerSchema,
  questionSchema,
  quotaSchema,
  versionSchema,
} from './contents.ts';
import { availabilityOf, inEvent, inOrganizer, remainingOf } from './places.ts';
import { emailOf, QUOTA_MARKER } from './protocol.ts';
import { readRows } from './read.ts';

/** What the options say of the run. */
interface Terms {
  readonly organizer: string;
  /** Slug of the event; a run without one has its own. */
  readonly event: string;
  readonly price: string;
  readonly status: string;
  readonly holdMs: number;
  readonly asksQuestion: boolean;
}

export function termsOf(
  { options }: Pick<Connection, 'options'>,
  { runId }: Pick<IntentsFile, 'runId'>,
): Terms {
  const { organizer = '', event = '', price = '', status = '', hold, question } = options;
  return {
    organizer,
    event: event === '' ? `onsale-${runId}` : event,
    price,
    status,
    holdMs: Number(hold) * 1000,
    asksQuestion: question === 'yes',
  };
}

const get = (path: string, expected: string) =>
  ({ method: 'GET', path, statuses: [200], expected }) as const;
const post = (path: string, body: Readonly<Record<string, unknown>>, expected: string) =>
  ({ method: 'POST', path, body, statuses: [201], expected }) as const;

/** It is a pretix, the token is one of it, and it may use the organizer. */
export async function probe(connection: Connection): Promise<void> {
  await call(connection, get(VERSION_PATH, 'the version of pretix'), versionSchema);
  const path = inOrganizer({ organizer: connection.options.organizer ?? '' });
  await call(connection, get(path, 'an organizer that the token may use'), organizerSchema);
}

/** An event of this organizer, null where there is none: pretix says 403 to that, as to what is not allowed. */
async function findEvent(connection: Connection, terms: Terms) {
  const path = `${inOrganizer(terms)}events/`;
  const events = await listing(connection, { path, expected: 'a list of events' }, eventSchema);
  return events.find(({ slug }) => slug === terms.event) ?? null;
}

async function findOrMakeEvent(connection: Connection, terms: Terms) {
  const found = await findEvent(connection, terms);
  if (found !== null) return found;
  const body = {
    name: { en: `Onsale ${terms.event}` },
    slug: terms.event,
    live: false,
    testmode: false,
    currency: 'EUR',
    date_from: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    timezone: 'UTC',
    plugins: ['pretix.plugins.manualpayment'],
  };
  return call(connection, post(`${inOrganizer(terms)}events/`, body, 'a new event'), eventSchema);
}

/** The thing of that name, or a new one; names of one run are of nobody else. */
async function findOrMake<T>(
  connection: Connection,
  of: {
    readonly path: string;
    readonly what: string;
    readonly schema: z.ZodType<T>;
    readonly isIt: (each: T) => boolean;
    readonly body: Readonly<Record<string, unknown>>;
  },
): Promise<T> {
  const { path, what, schema } = of;
  const all = await listing(connection, { path, expected: `a list of ${what}s` }, schema);
  return all.find(of.isIt) ?? call(connection, post(path, of.body, `a new ${what}`), schema);
}

interface PoolNames {
  readonly item: string;
  readonly quota: string;
}

/** ASCII, and the run's own: the quota's name is what tells a refusal from bad input. */
function namesOf(plan: Plan, runId: string): PoolNames[] {
  return Array.from({ length: plan.pools }, (_, i) => ({
    item: `Onsale ${runId} pool ${i + 1}`,
    quota: `${QUOTA_MARKER}${runId}-Q${i + 1}`,
  }));
}

async function makePool(
  connection: Connection,
  { terms, plan, names }: { terms: Terms; plan: Plan; names: PoolNames },
): Promise<{ pool: Pool; quota: number }> {
  const path = inEvent(terms);
  const item = await findOrMake(connection, {
    path: `${path}items/`,
    what: 'product',
    schema: itemSchema,
    isIt: ({ name }) => Object.values(name).includes(names.item),
    body: { name: { en: names.item }, default_price: terms.price, active: true, admission: true },
  });
  const quota = await findOrMake(connection, {
    path: `${path}quotas/`,
    what: 'quota',
    schema: quotaSchema,
    isIt: ({ name }) => name === names.quota,
    body: { name: names.quota, size: plan.capacity, items: [item.id], variations: [] },
  });
  if (quota.size !== plan.capacity || !quota.items.includes(item.id)) throw otherQuota(quota, plan);
  const left = remainingOf(await availabilityOf(connection, terms, quota.id));
  const capacity = left ?? plan.capacity;
  const price = Number(terms.price.replace('.', ''));
  const pool: Pool = { id: String(item.id), name: names.item, capacity, remaining: left, price };
  return { pool, quota: quota.id };
}

function otherQuota(quota: z.infer<typeof quotaSchema>, plan: Plan): UsageFailure {
  return new UsageFailure({
    expected: `a quota of ${plan.capacity} tickets for the run's own product`,
    got: `"${quota.name}" of ${quota.size ?? 'unlimited'}, made by a former call`,
    where: '--run-id, --capacity',
    remedy: 'Ask for the same plan, or take another run id.',
  });
}

/** Orders can be sent to an event that is not live; only its pages cannot be seen. */
async function goLive(connection: Connection, terms: Terms): Promise<void> {
  const { status } = await request(connection, {
    method: 'PATCH',
    path: inEvent(terms),
    body: { live: true },
    headers: authorised(connection),
    expected: 'the event to go live',
    remedy: '',
  });
  if (status === 200) return;
  connection.onNotice?.(
    `The event could not go live (${status}): its pages stay closed, orders are taken. A payment provider is missing, or use --option price=0.00.`,
  );
}

/** Event, products, quotas, question: makes what is missing, by name. Buyers need no account. */
export async function provision(
  connection: Connection,
  { plan, intents }: Wanted,
): Promise<Fixture> {
  const terms = termsOf(connection, intents);
  const event = await findOrMakeEvent(connection, terms);
  const pools: Pool[] = [];
  const data: Record<string, string> = {
    organizer: terms.organizer,
    event: terms.event,
    price: terms.price,
    status: terms.status,
    holdMs: String(terms.holdMs),
  };
  for (const names of namesOf(plan, intents.runId)) {
    const { pool, quota } = await makePool(connection, { terms, plan, names });
    pools.push(pool);
    data[`quota ${pool.id}`] = String(quota);
    connection.onProgress(pools.length, plan.pools);
  }
  if (terms.asksQuestion) data.question = String(await makeQuestion(connection, terms, pools));
  if (!event.live) await goLive(connection, terms);
  const before = (await readRows(connection, terms)).rows;
  const ours = new Set(intents.intents.map(({ key }) => emailOf(key).toLowerCase()));
  // The keys of a former run were answered; see `keyOf`.
  if (before.some(({ buyer }) => ours.has(buyer.toLowerCase())))
    data.again = randomBytes(4).toString('hex');
  return {
    schemaVersion: SCHEMA_VERSION,
    access: 'http',
    event: `${terms.organizer}/${terms.event}`,
    pools,
    data,
    buyers: intents.intents.map(({ key }) => ({ id: key })),
    rules: {
      idempotency: 'replay-final',
      holdMs: terms.holdMs,
      expiryGraceMs: 1000,
      latePayment: 'accept-if-capacity',
    },
    baselineOrders: before.map(({ id }) => id),
  };
}

async function makeQuestion(connection: Connection, terms: Terms, pools: readonly Pool[]) {
  const items = pools.map(({ id }) => Number(id));
  const { id } = await findOrMake(connection, {
    path: `${inEvent(terms)}questions/`,
    what: 'question',
    schema: questionSchema,
    isIt: ({ identifier }) => identifier === 'ONSALE1',
    body: {
      question: { en: '1' },
      type: 'N',
      required: false,
      items,
      position: 1,
      identifier: 'ONSALE1',
    },
  });
  return id;
}

export async function outline(
  connection: Connection,
  { plan, intents }: Wanted,
): Promise<readonly string[]> {
  const terms = termsOf(connection, intents);
  const found = await findEvent(connection, terms);
  const where = `event "${terms.event}" of organizer "${terms.organizer}"`;
  return [
    found === null ? `Make the ${where}.` : `Use the ${where}, which is there.`,
    `Make ${plan.pools} products at ${terms.price} EUR, each with a quota of ${plan.capacity} named ${QUOTA_MARKER}${intents.runId}-Q….`,
    ...(terms.asksQuestion ? ['Make the numeric question ONSALE1.'] : []),
    ...(found?.live === true ? [] : ['Let the event go live, if a payment provider allows it.']),
  ];
}

/** pretix deletes no event that has orders, so what can go goes, and the rest is closed. */
export async function deprovision(
  connection: Connection,
  { fixture }: Pick<Known, 'fixture'>,
): Promise<readonly string[]> {
  const { organizer = '', event = '' } = fixture.data ?? {};
  const ask = (method: 'DELETE' | 'PATCH', body?: Readonly<Record<string, unknown>>) =>
    request(connection, {
      method,
      path: inEvent({ organizer, event }),
      headers: authorised(connection),
      ...(body === undefined ? {} : { body }),
      expected: 'the event to go',
      remedy: 'Delete it in the control pages of pretix.',
    });
  const gone = await ask('DELETE');
  if (gone.status === 204) return [`The event "${event}" went.`];
  const closed = await ask('PATCH', { live: false });
  if (closed.status !== 200)
    throw new RunFailure({
      expected: `the event "${event}" to go or to be closed`,
      got: `status ${closed.status}`,
      where: `PATCH ${inEvent({ organizer, event })}`,
      remedy: 'Close it in the control pages of pretix.',
    });
  return [
    `The event "${event}" stays, because pretix keeps events with orders; it is not live any more.`,
  ];
}
