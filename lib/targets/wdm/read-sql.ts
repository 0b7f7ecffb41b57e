import type { OrderRow } from '../../model/state.ts';
import type { Connection, Known, StateReading } from '../admin.ts';
import { inTransaction, type Query } from '../database.ts';
import { fractionCaveats, wholeAccounts, wholePools } from './read-http.ts';

/** What the reference service keeps, `schema.table.column`. Shops with a database for each service have no such one. */
const COLUMNS: readonly string[] = [
  ...['id', 'user_id', 'items', 'paid'].map((column) => `orders.purchase.${column}`),
  ...['id', 'credit'].map((column) => `payment.account.${column}`),
  ...['id', 'stock'].map((column) => `stock.item.${column}`),
];

const KNOWN_COLUMNS = `SELECT count(*)::int AS n FROM information_schema.columns
  WHERE concat_ws('.', table_schema, table_name, column_name) = ANY ($1)`;

/** Whether all three services keep their data where the connection string leads, in schemas of one database. */
export function hasAllSchemas(connection: Connection): Promise<boolean> {
  return inTransaction(connection, 'snapshot', isWhole);
}

async function isWhole(query: Query): Promise<boolean> {
  const [known] = await query<{ n: number }>(KNOWN_COLUMNS, [COLUMNS]);
  return known?.n === COLUMNS.length;
}

const PAID = `SELECT purchase.id, user_id AS buyer, line->>'item' AS pool,
    sum((line->>'quantity')::int)::int AS quantity
  FROM orders.purchase, jsonb_array_elements(items) AS line
  WHERE paid AND line->>'item' = ANY ($1) GROUP BY 1, 2, 3`;

/**
 * One reading over SQL, of one moment: every paid order for the run's items, those of strangers too. Null where the database
 * is not one of all three services.
 */
export function readOverSql(connection: Connection, known: Known): Promise<StateReading | null> {
  return inTransaction(connection, 'snapshot', async (query) =>
    (await isWhole(query)) ? readAll(query, known) : null,
  );
}

async function readAll(query: Query, { fixture, intents }: Known): Promise<StateReading> {
  const poolIds = fixture.pools.map(({ id }) => id);
  const users = [...new Set(fixture.buyers.map(({ id }) => id))];
  const orderIds = fixture.buyers.map(({ order = '' }) => order);
  // A pooler may lead readings to a standby although the checkouts went to the primary.
  const [standby] = await query<{ yes: boolean }>('SELECT pg_is_in_recovery() AS yes');
  const paid = await query<Pick<OrderRow, 'id' | 'buyer' | 'pool' | 'quantity'>>(PAID, [poolIds]);
  const credits = await numbersOf(query, users, 'SELECT id, credit AS n FROM payment.account');
  const stocks = await numbersOf(query, poolIds, 'SELECT id, stock AS n FROM stock.item');
  const [own] = await query<{ n: number }>(
    'SELECT count(*)::int AS n FROM orders.purchase WHERE id = ANY ($1)',
    [orderIds],
  );
  const missing = [
    ...lost('orders', orderIds.length - (own?.n ?? 0)),
    ...lost('users', credits.filter((credit) => credit === null).length),
    ...lost('items', stocks.filter((stock) => stock === null).length),
  ];
  const mayLag = standby?.yes === true;
  const keys = new Map(orderIds.map((order, i) => [order, intents.intents[i]?.key ?? null]));
  return {
    access: 'sql',
    pools: wholePools(fixture, stocks),
    orders: rowsOf(paid, keys),
    accounts: wholeAccounts(users, credits),
    complete: missing.length === 0,
    exhaustive: true,
    // Nothing cancels an order; one that was turned down is there, unpaid, and could be checked out again.
    keepsCancelled: true,
    mayLag,
    caveats: [
      ...(mayLag ? ['the database that was read is a standby, which may lag behind'] : []),
      ...missing,
      ...fractionCaveats({ credits, stocks }),
    ],
  };
}

/** Units of several items of one order are rows of their own, as each counts in its pool. */
function rowsOf(
  paid: readonly Pick<OrderRow, 'id' | 'buyer' | 'pool' | 'quantity'>[],
  keys: ReadonlyMap<string, string | null>,
): OrderRow[] {
  const seen = new Set<string>();
  return paid.map(({ id, buyer, pool, quantity }) => {
    const isFirst = !seen.has(id);
    seen.add(id);
    const intent = keys.get(id) ?? null;
    const name = isFirst ? id : `${id}/${pool}`;
    return { id: name, pool, quantity, status: 'live', intent, buyer, state: 'paid' };
  });
}

async function numbersOf(
  query: Query,
  ids: readonly string[],
  select: string,
): Promise<(number | null)[]> {
  const rows = await query<{ id: string; n: string }>(`${select} WHERE id = ANY ($1)`, [ids]);
  const numbers = new Map(rows.map(({ id, n }) => [id, Number(n)]));
  return ids.map((id) => numbers.get(id) ?? null);
}

function lost(what: string, count: number): string[] {
  return count > 0
    ? [`${count} ${what} of this run are not in the database: it may be another shop’s`]
    : [];
}
