import type { Flaw } from './flaw.ts';

/** Nothing is oversold: the tickets are taken once more. But somebody was promised that late is too late. */
export const paidAfterExpiry: Flaw = {
  name: 'paid-after-expiry',
  bug: 'Takes a payment for an expired hold as long as there are tickets, whatever the event says about late payment.',
  place: 'around',
  steps: (steps) => ({
    ...steps,
    latePayment: (order) =>
      order.latePayment === 'reject' ? 'accept-if-capacity' : order.latePayment,
  }),
};
