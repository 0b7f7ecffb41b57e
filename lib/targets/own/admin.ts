import { z } from 'zod';
import { RunFailure, UsageFailure } from '../../model/failure.ts';
import type { Admin as Adapter, Connection, Known, Wanted } from '../admin.ts';
import type { Protocol } from '../protocol.ts';
import { checkOwn } from './check.ts';
import { type Admin, idSchema, poolsSchema } from './definition.ts';
import { poolName, provisionOwn } from './provision.ts';
import { readOwn } from './read.ts';
import { shopOf } from './shop.ts';
import { type OwnFile, workOf } from './work.ts';

/** A file at work on a shop. */
export interface Own {
  readonly file: OwnFile;
  readonly admin: Admin;
  readonly protocol: Protocol;
}

/** The headers that the file wants on every administrative request; fails without a token that it needs. */
export function headersFor({ file, admin }: Own, connection: Connection) {
  const { headers = () => ({}), secret } = admin;
  const { options, token } = connection;
  if (secret !== undefined && token === null)
    throw new UsageFailure({
      expected: `ONSALE_TOKEN: ${secret}`,
      got: 'none',
      where: 'the environment',
      remedy: 'Set it; secrets are taken from nowhere else.',
    });
  return workOf(file, connection, {
    what: 'headers()',
    run: () => headers({ options, token }),
    expected: 'an object of texts',
    schema: z.record(z.string(), z.string()),
  });
}

/** The shop for the file's functions. */
export async function shopFor(own: Own, connection: Connection) {
  return shopOf(connection, await headersFor(own, connection));
}

/** What is on sale now, by the file's word. */
export async function poolsOf(own: Own, connection: Connection) {
  const shop = await shopFor(own, connection);
  return workOf(own.file, connection, {
    what: 'pools()',
    run: () => own.admin.pools(shop),
    expected: 'a list of pools, each with id, name and left',
    schema: poolsSchema,
  });
}

async function outline(own: Own, connection: Connection, { plan, intents }: Wanted) {
  const there = new Set((await poolsOf(own, connection)).map(({ name }) => name));
  const names = Array.from({ length: plan.pools }, (_, i) => poolName(intents, i));
  const missing = names.filter((name) => !there.has(name));
  const buyers = new Set(intents.intents.map(({ buyer }, i) => buyer ?? i)).size;
  const pools =
    own.admin.makePool === undefined
      ? `Sell ${plan.pools} of the ${there.size} pools on sale as they are: the file makes none.`
      : `Make ${missing.length} pools of ${plan.capacity} tickets; ${names.length - missing.length} are there.`;
  return [
    pools,
    own.admin.makeBuyer === undefined
      ? `Let ${buyers} buyers come under names that nobody has to register.`
      : `Make or find ${buyers} buyers.`,
  ];
}

async function deprovision(own: Own, connection: Connection, { fixture, intents }: Known) {
  const { removePool, makePool, makeBuyer } = own.admin;
  const shop = await shopFor(own, connection);
  const isOurs = (name: string) => fixture.pools.some((_, i) => poolName(intents, i) === name);
  const made = fixture.pools.filter(({ name }) => makePool !== undefined && isOurs(name));
  const told: string[] = [];
  for (const { id, name } of removePool === undefined ? [] : made) {
    await workOf(own.file, connection, {
      what: 'removePool()',
      run: async () => void (await removePool?.(shop, id)),
      expected: 'nothing',
      schema: z.undefined(),
    });
    told.push(`The pool "${name}" (${id}) went.`);
  }
  if (removePool === undefined && made.length > 0)
    told.push(`${made.length} pools stay: ${own.file.shown} has no removePool().`);
  if (made.length < fixture.pools.length)
    told.push(
      `${fixture.pools.length - made.length} pools stay, as they were there before the run.`,
    );
  if (makeBuyer !== undefined)
    told.push(`The run's ${new Set(fixture.buyers.map((buyer) => buyer.id)).size} buyers stay.`);
  return [...told, 'Orders stay as far as the shop keeps them.'];
}

/** The Node side of a file: what it does not say itself is done as every shop allows. */
export function adapterOf(own: Own): Adapter {
  return {
    probe: async (connection) => {
      await poolsOf(own, connection);
    },
    provision: (connection, asked) => provisionOwn(own, connection, asked),
    outline: (connection, asked) => outline(own, connection, asked),
    deprovision: (connection, known) => deprovision(own, connection, known),
    check: (connection) => checkOwn(own, connection),
    read: (connection, known) => readOwn(own, connection, known),
  };
}

/** The id that `makePool` gives. */
export const madePool = { expected: "the pool's id", schema: idSchema } as const;

/** Fails where the shop does not show what the file has just made. */
export function notOnSale(own: Own, id: string): RunFailure {
  return new RunFailure({
    expected: `pools() to tell the pool ${id}, which makePool() has made`,
    got: 'a list without it',
    where: own.file.shown,
    remedy: 'Mend pools(): it must read every page and give ids as makePool() does.',
  });
}
