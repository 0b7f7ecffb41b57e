import { z } from 'zod';
import type { Admin, Target } from '../admin.ts';
import { aheadByDate } from '../target-clock.ts';
import { call, dialectOf } from './calls.ts';
import { checkContract } from './check.ts';
import { protocol } from './protocol.ts';
import { outline, provision } from './provision.ts';
import { read } from './read.ts';
import { checkSchema, compareClocks } from './read-sql.ts';
import { sessionsOf } from './sessions.ts';
import { DURATION } from './terms.ts';

const admin: Admin = {
  probe: async (connection) => {
    await dialectOf(connection);
    if (connection.token !== null) {
      // A session made with the wrong key is found out here, and not by every buyer.
      const [session] = await sessionsOf(connection, ['onsale-probe']);
      const ask = { method: 'GET', path: '/api/orders', statuses: [200] } as const;
      const more = { session: session!.cookie, expected: 'a session made here to be valid' };
      await call(connection, { ...ask, ...more }, z.array(z.unknown()));
    }
    if (connection.databaseUrl !== null) await checkSchema(connection);
  },
  provision,
  read,
  outline,
  deprovision: async (_, { fixture }) => [
    `The events or tickets named "${fixture.event} pool …" stay, with their orders and accounts: the API can take nothing away.`,
  ],
  check: checkContract,
  clock: async (connection) =>
    connection.databaseUrl === null ? aheadByDate(connection) : compareClocks(connection),
};

export const co4353: Target = {
  name: 'co4353',
  summary: 'CO4353 and its family: sessions by cookie, orders that expire, two stock counters',
  protocolPath: 'lib/targets/co4353/protocol.ts',
  protocol,
  admin,
  capabilities: [
    ...(['holds', 'payments', 'cancel', 'seats', 'availability', 'stale-reads'] as const),
    ...(['status', 'views', 'own-orders', 'sql-read-back'] as const),
  ],
  options: [
    {
      name: 'dialect',
      summary: 'what is sold, events or single tickets; found by asking where nothing is said',
      default: '',
      pattern: /(events|tickets)?/,
    },
    {
      name: 'buyers',
      summary: 'own: a session for each; shared: one for all, and then only sums can be judged',
      default: 'own',
      pattern: /own|shared/,
    },
    {
      name: 'hold',
      summary: 'how long an unpaid order holds its ticket, such as 60s or 1500ms',
      default: '60s',
      pattern: DURATION,
    },
    {
      name: 'grace',
      summary: 'how long after that the services may take to give it back',
      default: '10s',
      pattern: DURATION,
    },
    {
      name: 'skew',
      summary:
        'how far its clock may differ from that of the generator; measured where nothing is said',
      default: '',
      pattern: /(\d{1,6}(ms|s|m))?/,
    },
    {
      name: 'propagation',
      summary: 'how long the orders service may take to hear of a new event, over HTTP',
      default: '2s',
      pattern: DURATION,
    },
    {
      name: 'card',
      summary: 'token of the card that pays',
      default: 'tok_visa',
      pattern: /[A-Za-z0-9_]{1,60}/,
    },
    {
      name: 'price',
      summary: 'price of a ticket, whole units of the currency',
      default: '20',
      pattern: /[1-9]\d{0,5}/,
    },
  ],
  secret: 'JWT_KEY, the key that its sessions are signed with; without it buyers sign up',
  /** A message that was not acknowledged is sent again after 5 s, and may lead to another one. */
  quietMs: 11_000,
};
