import type { FastifyInstance } from 'fastify';
import type { RoleContext } from '../../facades/facade.ts';
import type { Generation } from '../answers.ts';
import { planted } from '../flaws.ts';
import { addMetrics } from '../metrics.ts';
import { Consumer, listen, ringing } from '../queue.ts';
import { serviceApp } from '../service.ts';
import { openStore } from '../store.ts';
import { basketRoutes } from './basket.ts';
import { checkoutWith } from './checkout.ts';
import { advance, OUTCOMES_CHANNEL, type Outcome, type Reply } from './saga.ts';
import { Waiting } from './waiting.ts';

const CHANNELS = 4;
const PREFETCH = 16;
const LEASE_MS = 5000;

/**
 * The order service: baskets, and the sagas that pay for them. Any process carries on any saga, whichever began it, so
 * that one which dies leaves none half done; only who waits for the answer is lost with it.
 */
export async function ordersApp(context: RoleContext): Promise<FastifyInstance> {
  const { databaseUrl, options, flaws, services } = context;
  const generation = options.generation as Generation;
  const has = planted(flaws);
  const store = openStore(databaseUrl, generation);
  const waiting = new Waiting();
  const consumer = new Consumer<Reply>(store.pool, {
    ...{ queue: 'orders', channels: CHANNELS, prefetch: PREFETCH, leaseMs: LEASE_MS },
    acknowledge: 'each',
    handle: (reply) => store.commit((client) => advance(client, reply, has)),
  });
  const listener = await listen(databaseUrl, {
    ...ringing('orders', () => consumer.ring()),
    [OUTCOMES_CHANNEL]: (payload) => waiting.tell(JSON.parse(payload) as Outcome),
  });
  const checkout = checkoutWith(store, { generation, waiting, has });
  const app = serviceApp(generation, [
    ...basketRoutes(store, { generation, stock: () => services('stock') }),
    {
      ...{ method: 'POST', path: '/checkout/:order' },
      handle: ({ order }) => checkout(order!),
    },
  ]);
  if (generation === '2021') addMetrics(app);
  app.addHook('onClose', async () => {
    await consumer.close();
    await listener.end();
    await store.pool.end();
  });
  return app;
}
