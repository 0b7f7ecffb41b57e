import { randomUUID } from 'node:crypto';
import { RunFailure } from '../../model/failure.ts';
import { type Admin, type Connection, type Known, noSecrets, type Wanted } from '../admin.ts';
import { inParallel } from '../in-parallel.ts';
import { describe, shownUrl } from '../request.ts';
import { ask, PARALLEL, REMEDY } from './calls.ts';
import { checkContract } from './check.ts';
import { provision } from './provision.ts';
import { readOverHttp } from './read-http.ts';
import { hasAllSchemas, readOverSql } from './read-sql.ts';
import { buyerNumbers, termsOf } from './terms.ts';

/** Asks for an order that is not there, which both forms answer at once. Changes nothing. */
async function probe(connection: Connection): Promise<void> {
  const path = `/orders/find/${randomUUID()}`;
  const expected = 'to be told by a 4xx that there is no such order';
  const answer = await ask(connection, { method: 'GET', path, expected });
  if (answer.status < 400 || answer.status >= 500)
    throw new RunFailure({
      expected,
      got: describe(answer),
      where: `GET ${shownUrl(connection.url)}${path}`,
      remedy: REMEDY,
    });
  if (connection.databaseUrl === null || (await hasAllSchemas(connection))) return;
  connection.onNotice?.(
    'The database given does not hold all three services, so everything is read back over HTTP.',
  );
}

async function outline(connection: Connection, asked: Wanted): Promise<readonly string[]> {
  const { price, credit, batch, generation } = termsOf(connection, asked);
  const { plan, intents } = asked;
  await probe(connection);
  const users = new Set(buyerNumbers(asked)).size;
  const how = batch ? ', by the batch, in place of whatever has the names 0, 1, 2, …' : '';
  return [
    `Make ${plan.pools} items of ${plan.capacity} in stock at ${price} each${how}.`,
    ...(generation === null
      ? ['Find out which form the API has: put an item into an order of no use, with a quantity.']
      : []),
    `Make ${users} users with a credit of ${credit}${how}.`,
    `Make ${intents.intents.length} orders, one an intent, with the units that it wants; checking out is left to the load.`,
    'Nothing of a former call is found again: the shop chooses all names and lists none. What that made stays unused.',
  ];
}

/** Only the old form can take orders away again, and nobody can take away users and items. */
async function deprovision(connection: Connection, { fixture }: Known): Promise<readonly string[]> {
  const users = new Set(fixture.buyers.map(({ id }) => id)).size;
  const stays = `${users} users and ${fixture.pools.length} items stay: the API cannot take them away.`;
  const orders = fixture.buyers.flatMap(({ order }) => (order === undefined ? [] : [order]));
  if (fixture.data?.generation !== '2021') return [`${orders.length} orders, ${stays}`];
  const answers = await inParallel(orders, PARALLEL, (order) =>
    ask(connection, {
      method: 'DELETE',
      path: `/orders/remove/${order}`,
      expected: 'the order to go',
    }),
  );
  const gone = answers.filter(({ status }) => status >= 200 && status < 300).length;
  const left = orders.length - gone;
  return [
    `${gone} orders went.`,
    ...(left > 0 ? [`${left} orders were gone before, or could not be taken away.`] : []),
    stays,
  ];
}

/** Over SQL where all three services keep their data in one database; over HTTP otherwise. */
export const admin: Admin = {
  probe,
  provision: async (connection, asked) => ({
    fixture: await provision(connection, asked),
    secrets: noSecrets,
  }),
  outline,
  deprovision,
  check: checkContract,
  read: async (connection, known) => {
    const overSql = connection.databaseUrl === null ? null : await readOverSql(connection, known);
    return overSql ?? readOverHttp(connection, known);
  },
};
