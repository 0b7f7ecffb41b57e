import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll } from 'vitest';
import { BOX_OFFICE_SQL } from '../../../target/boxoffice/schema.ts';
import { reference } from '../../../target/facades/reference.ts';
import { raceUntil } from '../../race.ts';
import { type Service, startService } from '../service.ts';
import { type Audit, audit, call, openSale, type Reply, type Sale, tally } from './client.ts';

/** Its PostgreSQL is used; the box office's tables are put beside its own. */
export let host: Service;
beforeAll(async () => {
  host = await startService('primepass', '--processes', '1');
  await host.sql.query(BOX_OFFICE_SQL);
});
afterAll(() => host.stop());

export interface Scene {
  /** Two box offices on one database, each with connections of its own. */
  readonly urls: readonly [string, string];
  /** The `i`th of many requests, to the offices in turn. */
  readonly send: (
    i: number,
    line: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>;
  readonly open: (event: Parameters<typeof openSale>[1]) => Promise<Sale>;
}

/** What `act` finds with this flaw in two offices, played until the flaw is `seen`, and what it finds with none. */
export async function withAndWithout<Found>(
  flaw: string,
  act: (scene: Scene) => Promise<Found>,
  seen: (found: Found) => boolean = () => true,
) {
  return { flawed: await raceIn(flaw, act, seen), correct: await playIn([], act) };
}

/** What `act` finds with this flaw in two offices, played until the flaw is `seen`. */
export function raceIn<Found>(
  flaw: string,
  act: (scene: Scene) => Promise<Found>,
  seen: (found: Found) => boolean,
): Promise<Found> {
  return playIn([flaw], (scene) => raceUntil(seen, () => act(scene)));
}

export async function playIn<Found>(
  planted: readonly string[],
  act: (scene: Scene) => Promise<Found>,
) {
  const { databaseUrl } = host;
  const context = { databaseUrl, flaws: planted, options: {}, services: () => [] };
  const { serve } = reference.roles[0]!;
  const apps = [await serve(context), await serve(context)] as FastifyInstance[];
  try {
    const urls = await Promise.all(apps.map((app) => app.listen({ port: 0, host: '127.0.0.1' })));
    return await act({
      urls: urls as [string, string],
      send: (i, ...request) => call(urls[i % 2]!, ...request),
      open: (event) => openSale(urls[0]!, event),
    });
  } finally {
    await Promise.all(apps.map((app) => app.close()));
  }
}

export interface Found {
  readonly codes: Record<string, number>;
  readonly audit: Audit;
  readonly remaining: number;
  /** Tickets told to be sold, minus tickets of live orders of the buyers. */
  readonly lost: number;
}

export const BUYERS = 160;
export const CAPACITY = 40;

/** Everybody buys at once in one pool. */
export async function rush(
  { send, open }: Scene,
  {
    quantities = [1],
    capacity = CAPACITY,
  }: { quantities?: readonly number[]; capacity?: number } = {},
): Promise<Found> {
  const sale = await open({ pools: [{ capacity }], buyers: BUYERS });
  const quantityOf = (i: number) => quantities[i % quantities.length]!;
  const replies = await Promise.all(
    sale.buyers.map((buyer, i) =>
      send(i, 'POST /purchases', { buyer, pool: sale.pools[0], quantity: quantityOf(i) }),
    ),
  );
  await restOf(sale);
  const told = replies.reduce(
    (sum, { status }, i) => sum + (status === 201 ? quantityOf(i) : 0),
    0,
  );
  return { codes: tally(replies), ...(await inTables(sale, told)) };
}

/** Resolves when a third of a second has changed nothing. */
export async function restOf({ event }: Sale): Promise<void> {
  let before = '';
  for (let now = 'unread'; now !== before; ) {
    before = now;
    await sleep(330);
    const { rows } = await host.sql.query(
      `SELECT count(*), sum(quantity), (SELECT count(*) FROM box_payment WHERE event_id = $1)
        FROM box_order WHERE event_id = $1`,
      [event],
    );
    now = JSON.stringify(rows);
  }
}

async function inTables(sale: Sale, told: number): Promise<Omit<Found, 'codes'>> {
  const { rows } = await host.sql.query<{ remaining: number; owned: number }>(
    `SELECT remaining, (SELECT coalesce(sum(quantity), 0)::int FROM box_order
        WHERE pool_id = p.id AND status IN ('held', 'paid') AND buyer <> 'house') AS owned
      FROM box_pool p WHERE event_id = $1`,
    [sale.event],
  );
  const { remaining, owned } = rows[0]!;
  return { audit: await audit(host.sql, sale), remaining, lost: told - owned };
}
