import type pg from 'pg';
import type { Planted } from '../flaws.ts';

/** So many of an item. A negative quantity puts some back, as the API of 2024 allows. */
export interface Line {
  readonly item: string;
  readonly quantity: number;
}

/** The key says which request it is: the same one again is the same reservation. */
export interface Reservation {
  readonly key: string;
  readonly lines: readonly Line[];
}

export type Reserved = {
  readonly state: 'taken' | 'refused' | 'unknown' | 'returned';
  /** The item that there are too few of, or that does not exist. */
  readonly detail: string | null;
};

/**
 * Takes all the lines or none, once for a key, and says how that went, or had gone. Run it inside one transaction.
 */
export async function reserve(
  client: pg.PoolClient,
  { key, lines }: Reservation,
  has: Planted,
): Promise<Reserved> {
  const claimed = await client.query({
    name: 'claim-reservation',
    text: `INSERT INTO stock.reservation (key, lines, state) VALUES ($1, $2, 'taken')
      ON CONFLICT (key) DO NOTHING`,
    values: [key, JSON.stringify(lines)],
  });
  if (claimed.rowCount === 0) return known(client, key);
  const { state, detail } = await take(client, lines, has);
  if (state !== 'taken')
    await client.query('UPDATE stock.reservation SET state = $2, detail = $3 WHERE key = $1', [
      ...[key, state, detail],
    ]);
  return { state, detail };
}

async function known(client: pg.PoolClient, key: string): Promise<Reserved> {
  const { rows } = await client.query<Reserved>(
    'SELECT state, detail FROM stock.reservation WHERE key = $1',
    [key],
  );
  return rows[0]!;
}

/**
 * Takes the lines off the shelf if there is enough of every one. The rows are locked before they are read, in the
 * order of their ids, so that the answer is still true when it is acted on and nobody waits in a circle; with
 * `check-then-act` they are only read.
 */
export async function take(
  client: pg.PoolClient,
  lines: readonly Line[],
  has: Planted,
): Promise<Reserved> {
  const wanted = totals(lines);
  const lock = has('check-then-act') ? '' : 'FOR UPDATE';
  const { rows } = await client.query<{ id: string; stock: string }>({
    name: `read-stock ${lock}`,
    text: `SELECT id, stock FROM stock.item WHERE id = ANY ($1) ORDER BY id ${lock}`,
    values: [[...wanted.keys()]],
  });
  const stocks = new Map(rows.map(({ id, stock }) => [id, Number(stock)]));
  for (const item of wanted.keys())
    if (!stocks.has(item)) return { state: 'unknown', detail: item };
  for (const [item, quantity] of wanted)
    if (stocks.get(item)! < quantity) return { state: 'refused', detail: item };
  await change(client, wanted, -1);
  return { state: 'taken', detail: null };
}

/**
 * Puts back what a reservation took. Only the delivery that turns it into a returned one does so, unless
 * `double-compensation` is planted, which asks no reservation for its state.
 */
export async function putBack(
  client: pg.PoolClient,
  { key }: { readonly key: string },
  has: Planted,
): Promise<void> {
  const onlyOnce = has('double-compensation') ? '' : `AND state = 'taken'`;
  const { rows } = await client.query<{ lines: Line[] }>(
    `UPDATE stock.reservation SET state = 'returned' WHERE key = $1 ${onlyOnce} RETURNING lines`,
    [key],
  );
  for (const { lines } of rows) await change(client, totals(lines), 1);
}

/** In the order of the ids, like whoever locks the rows to read them. */
async function change(
  client: pg.PoolClient,
  totals: ReadonlyMap<string, number>,
  sign: 1 | -1,
): Promise<void> {
  for (const item of [...totals.keys()].sort())
    await client.query('UPDATE stock.item SET stock = stock + $2 WHERE id = $1', [
      item,
      sign * totals.get(item)!,
    ]);
}

function totals(lines: readonly Line[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { item, quantity } of lines) sums.set(item, (sums.get(item) ?? 0) + quantity);
  return sums;
}
