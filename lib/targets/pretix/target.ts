import type { Target } from '../admin.ts';
import { checkContract } from './check.ts';
import { protocol } from './protocol.ts';
import { deprovision, outline, probe, provision } from './provision.ts';
import { read } from './read.ts';

export const pretix: Target = {
  name: 'pretix',
  summary: 'pretix by its REST API: orders under idempotency keys, quotas, carts that hold',
  protocolPath: 'lib/targets/pretix/protocol.ts',
  protocol,
  admin: {
    probe,
    provision: async (connection, asked) => ({
      fixture: await provision(connection, asked),
      secrets: { shared: connection.token, buyers: null },
    }),
    read,
    outline,
    deprovision,
    check: checkContract,
  },
  capabilities: [
    ...(['quantities', 'holds', 'payments', 'cancel', 'idempotency', 'resolve'] as const),
    ...(['availability', 'status', 'views', 'payment-listing', 'order-listing'] as const),
  ],
  options: [
    {
      name: 'organizer',
      summary: 'slug of an organizer that the token may use',
      default: 'onsale',
      pattern: /[a-zA-Z0-9.-]{1,50}/,
    },
    {
      name: 'event',
      summary: 'slug of an event to use or make; a run has its own where nothing is said',
      default: '',
      pattern: /[a-zA-Z0-9.-]{0,50}/,
    },
    {
      name: 'price',
      summary: 'price of a ticket, EUR; 0.00 needs no payment provider to go live',
      default: '23.00',
      pattern: /\d{1,6}\.\d{2}/,
    },
    {
      name: 'status',
      summary: 'n: orders wait for their payment; p: paid at once by the manual provider',
      default: 'n',
      pattern: /n|p/,
    },
    {
      name: 'hold',
      summary: 'how long a cart holds its ticket, seconds',
      default: '60',
      pattern: /[1-9]\d{0,4}/,
    },
    {
      name: 'question',
      summary: 'yes: buyers answer a numeric question, as those of the GIC tests did',
      default: 'no',
      pattern: /yes|no/,
    },
  ],
  secret: "a team's API token",
  /** Requests wait in front of its workers after their clients have gone. */
  quietMs: 3000,
};
