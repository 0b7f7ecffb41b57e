import type { OrderView } from '../office.ts';
import type { Flaw } from './flaw.ts';

const FRESH_MS = 2000;
const NODES = 2;

/**
 * Two cache nodes, asked in turn, neither of which hears of a payment. The first is told of every hold and goes on saying
 * "held"; the second sees the order when it is asked for it: so it is held, then paid, then held again.
 */
export const backwardsStatus: Flaw = {
  name: 'backwards-status',
  bug: 'Reads orders through two caches in turn that do not hear of payments, so a paid order is held again.',
  place: 'around',
  plant: (office) => {
    const nodes = Array.from({ length: NODES }, () => new Map<string, OrderView>());
    const turns = new Map<string, number>();
    const readThrough = async (node: Map<string, OrderView>, id: string): Promise<OrderView> => {
      const kept = node.get(id);
      if (kept !== undefined) return kept;
      const order = await office.order(id);
      node.set(id, order);
      setTimeout(() => node.delete(id), FRESH_MS).unref();
      return order;
    };
    return {
      ...office,
      hold: async (ask, keep) => {
        const booking = await office.hold(ask, keep);
        await readThrough(nodes[0]!, booking.order);
        return booking;
      },
      order: (id) => {
        const turn = turns.get(id) ?? 0;
        turns.set(id, turn + 1);
        return readThrough(nodes[turn % NODES]!, id);
      },
    };
  },
};
