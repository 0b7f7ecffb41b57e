import { type Admin, noSecrets, type Target } from '../admin.ts';
import { call } from './calls.ts';
import { checkContract } from './check.ts';
import { healthSchema } from './contents.ts';
import { protocol } from './protocol.ts';
import { compareClocks, deprovision, outline, provision } from './provision.ts';
import { read } from './read.ts';

const admin: Admin = {
  probe: async (connection) => {
    const ask = { method: 'GET', path: '/health', statuses: [200] } as const;
    await call(connection, { ...ask, expected: 'the health of a box office' }, healthSchema);
  },
  provision: async (connection, asked) => ({
    fixture: await provision(connection, asked),
    secrets: noSecrets,
  }),
  read,
  outline,
  deprovision,
  check: checkContract,
  clock: compareClocks,
};

const cents = /\d{1,12}/;
const seconds = /\d{1,5}(\.\d{1,3})?/;

export const reference: Target = {
  name: 'reference',
  summary:
    'the box office of the reference service: holds, seats, payments, limits, keys, a sale window',
  protocolPath: 'lib/targets/reference/protocol.ts',
  protocol,
  admin,
  capabilities: [
    ...([
      'quantities',
      'holds',
      'held-quantities',
      'payments',
      'cancel',
      'seats',
      'idempotency',
    ] as const),
    ...(['availability', 'stale-reads', 'status', 'views', 'buyer-limit', 'sale-window'] as const),
    ...(['credit', 'payment-listing', 'order-listing'] as const),
  ],
  options: [
    { name: 'price', summary: 'price of a ticket, cents', default: '1000', pattern: cents },
    { name: 'credit', summary: "a buyer's money, cents", default: '1000000', pattern: cents },
    { name: 'hold', summary: 'how long a hold lasts, seconds', default: '60', pattern: seconds },
    {
      name: 'late',
      summary: 'payment of an expired hold: reject, accept-if-capacity or accept',
      default: 'reject',
      pattern: /reject|accept-if-capacity|accept/,
    },
    {
      name: 'limit',
      summary: 'most tickets of one buyer',
      default: '',
      pattern: /([1-9]\d{0,3})?/,
    },
    {
      name: 'opens',
      summary: 'from provisioning to the opening of the sale, seconds',
      default: '',
      pattern: /(\d{1,5}(\.\d{1,3})?)?/,
    },
  ],
  secret: null,
  /** Its transactions are over in milliseconds; this is for what clients gave up on, and for the sweeper of holds. */
  quietMs: 2000,
};
