import type { Pool } from '../../model/fixture.ts';
import type { OrderRow } from '../../model/state.ts';
import { stateOf } from './protocol.ts';

/** What an order can be for: an event, which is a pool, or a ticket, which is a seat of one. */
export interface Unit {
  readonly pool: string;
  readonly seat?: string;
}

/** By the id that orders name. */
export function unitsOf(pools: readonly Pool[]): Map<string, Unit> {
  return new Map(
    pools.flatMap(({ id: pool, seats }): [string, Unit][] =>
      seats === undefined ? [[pool, { pool }]] : seats.map((seat) => [seat, { pool, seat }]),
    ),
  );
}

/** An order as the services tell it, whichever way it was read. */
export interface Told {
  readonly id: string;
  readonly userId: string;
  /** Of the event or ticket. */
  readonly unit: string;
  readonly status: string;
  readonly expiresAt: number | null;
  readonly createdAt: number | null;
}

/** One order is one ticket. A status that is none of theirs is live, so that no sold ticket is overlooked. */
export function rowOf(
  order: Told,
  { units, intent }: { units: ReadonlyMap<string, Unit>; intent: string | null },
): OrderRow {
  const state = stateOf(order.status);
  const { expiresAt, createdAt } = order;
  return {
    id: order.id,
    ...(units.get(order.unit) ?? { pool: order.unit.slice(0, 200) || 'none' }),
    quantity: 1,
    status: state === 'cancelled' ? 'cancelled' : 'live',
    intent,
    buyer: order.userId.slice(0, 300),
    ...(state === undefined ? {} : { state }),
    ...(expiresAt === null ? {} : { expiresAt }),
    ...(createdAt === null ? {} : { createdAt }),
  };
}
