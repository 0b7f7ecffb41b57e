import type { z } from 'zod';
import type { Connection } from '../admin.ts';
import { call, listing } from './calls.ts';
import { type BoxEvent, buyerSchema, orderSchema, pageOf, paymentSchema } from './contents.ts';

/** Everything of that kind the event has, every page of it. */
function ofEvent<Name extends string, Item extends z.ZodType>(name: Name, item: Item) {
  return (connection: Connection, { id }: Pick<BoxEvent, 'id'>): Promise<z.infer<Item>[]> => {
    const asked = { path: `/${name}?event=${id}`, expected: `a list of ${name}` };
    const schema = pageOf(name, item);
    return listing(connection, asked, async (page) => {
      const { content } = await call(connection, { ...page, statuses: [200] }, schema);
      const { total, [name]: items } = content as { total: number } & Record<Name, z.infer<Item>[]>;
      return { total, items };
    });
  };
}

export const ordersOf = ofEvent('orders', orderSchema);
export const paymentsOf = ofEvent('payments', paymentSchema);
export const buyersOf = ofEvent('buyers', buyerSchema);
