import type pg from 'pg';
import { log, textOf } from '../../failure.ts';
import { openSidePool, withConnection } from '../../shop/transaction.ts';
import { charge } from '../money.ts';
import type { Ask, Booking, BoxOffice } from '../office.ts';
import { insertOrder, readOffer, refuseOutsideWindow, soldOut } from '../sale.ts';
import type { Offer } from '../steps.ts';
import { takeStock } from '../stock.ts';
import { inSale } from '../transaction.ts';
import type { Flaw, Ground } from './flaw.ts';

const BATCH_MAX = 16;
const BATCH_DELAY_MS = 20;

/**
 * Group commit done wrong. Orders that fit at a glance are answered and queued; a batch is then one transaction for all
 * of them. A batch that no longer fits is rolled back as a whole, and everybody in it has an order's number in hand and
 * no order. Stock and money stay right.
 */
export const ackBeforeCommit: Flaw = {
  name: 'ack-before-commit',
  bug: 'Answers success once the order is queued for a batched commit; a batch that no longer fits is rolled back.',
  place: 'sale',
  plant: (office, ground) => {
    const writer = openSidePool(ground.pool, 1);
    const buffers = new Map<string, Buffer>();
    return {
      ...office,
      purchase: async (ask, keep) => {
        const offer = await inSale(ground.pool, (client) => readOffer(client, ask));
        // Seats and limits need the transaction at once.
        if (offer.seated || offer.limitPerBuyer !== null) return office.purchase(ask, keep);
        refuseOutsideWindow(offer, ground.steps);
        const buffer = buffers.get(ask.pool) ?? { orders: [], promised: 0 };
        buffers.set(ask.pool, buffer);
        return promise({ ask, offer, buffer, ...ground, writer });
      },
    } satisfies BoxOffice;
  },
};

interface Promised {
  readonly ask: Ask;
  readonly offer: Offer;
}

/** Orders of one pool that have been answered and not yet written. */
interface Buffer {
  readonly orders: Promised[];
  promised: number;
}

async function promise(
  made: Promised & Ground & { buffer: Buffer; writer: pg.Pool },
): Promise<Booking> {
  const { ask, offer, buffer, pool, writer } = made;
  if (!(await fits(pool, buffer, ask))) throw soldOut();
  buffer.promised += ask.quantity;
  if (buffer.orders.push({ ask, offer }) === 1) setTimeout(drain, BATCH_DELAY_MS, writer, buffer);
  const totalCents = offer.priceCents * ask.quantity;
  return { order: offer.order, status: 'paid', seats: [], totalCents };
}

/** This process counts what it has promised itself; what the others have promised it cannot know. */
async function fits(pool: pg.Pool, buffer: Buffer, ask: Ask): Promise<boolean> {
  const { rows } = await withConnection(pool, (client) =>
    client.query<{ remaining: number }>('SELECT remaining FROM box_pool WHERE id = $1', [ask.pool]),
  );
  return (rows[0]?.remaining ?? 0) - buffer.promised >= ask.quantity;
}

async function drain(writer: pg.Pool, buffer: Buffer): Promise<void> {
  while (buffer.orders.length > 0) {
    const batch = buffer.orders.slice(0, BATCH_MAX);
    const quantity = batch.reduce((sum, { ask }) => sum + ask.quantity, 0);
    try {
      await inSale(writer, (client) => commitBatch(client, batch, quantity));
    } catch (error) {
      log(`a batch of ${batch.length} orders was not written: ${textOf(error)}`);
    }
    buffer.promised -= quantity;
    buffer.orders.splice(0, batch.length);
  }
}

async function commitBatch(
  client: pg.PoolClient,
  batch: readonly Promised[],
  quantity: number,
): Promise<void> {
  const costs = batch.map(({ ask, offer }) => ({ ...ask, cents: offer.priceCents * ask.quantity }));
  for (const { buyer, cents } of costs.sort((a, b) => (a.buyer < b.buyer ? -1 : 1)))
    await charge(client, buyer, cents);
  if (!(await takeStock(client, { ...batch[0]!.ask, quantity })))
    throw new Error('not enough tickets left for all of them');
  for (const { ask, offer } of batch)
    await insertOrder(client, {
      ...{ ask, offer, as: 'paid', seats: [] },
      totalCents: offer.priceCents * ask.quantity,
    });
}
