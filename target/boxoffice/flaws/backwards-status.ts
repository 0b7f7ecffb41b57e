import type { OrderView } from '../office.ts';
import type { Flaw } from './flaw.ts';

const FRESH_MS = 2000;
const NODES = 2;

/**
 * Two cache nodes, asked in turn, neither of which hears of a payment. One has seen the order held and goes on saying
 * so; the other sees it for the first time when it is paid: so it is held, then paid, then held again.
 */
export const backwardsStatus: Flaw = {
  name: 'backwards-status',
  bug: 'Reads orders through two caches in turn that know nothing of each other, so a paid order is held again.',
  place: 'around',
  plant: (office) => {
    const nodes = Array.from({ length: NODES }, () => new Map<string, OrderView>());
    const turns = new Map<string, number>();
    return {
      ...office,
      order: async (id) => {
        const turn = turns.get(id) ?? 0;
        turns.set(id, turn + 1);
        const node = nodes[turn % NODES]!;
        const kept = node.get(id);
        if (kept !== undefined) return kept;
        const order = await office.order(id);
        node.set(id, order);
        setTimeout(() => node.delete(id), FRESH_MS).unref();
        return order;
      },
    };
  },
};
