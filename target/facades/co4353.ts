import { flaws, plantFlaws } from '../co4353/flaws/registry.ts';
import { co4353App } from '../co4353/http/app.ts';
import { eventure, tickets } from '../co4353/http/dialect.ts';
import { consume } from '../co4353/queue/consume.ts';
import { SCHEMA_SQL } from '../co4353/schema.ts';
import { SIGNING_KEY_SQL, signingKey } from '../co4353/services/auth.ts';
import { correctServices } from '../co4353/services/correct-services.ts';
import { expire } from '../co4353/services/expiration.ts';
import {
  CONNECTIONS_PER_PROCESS,
  openPool,
  openSidePool,
  SIDE_CONNECTIONS_PER_PROCESS,
} from '../shop/transaction.ts';
import type { Facade, RoleContext } from './facade.ts';

const DIALECTS = [eventure, tickets];
const UNITS_MS = { ms: 1, s: 1000, m: 60_000 } as const;
const DURATION = /^(\d{1,6})(ms|s|m)$/;
/** Messages and timers do not queue with the requests; a flaw may take one more. */
const MESSAGE_CONNECTIONS = SIDE_CONNECTIONS_PER_PROCESS - 1;

/**
 * CO4353: five services, each with tables of its own, that hear of each other through a queue. Every process runs all
 * five and shares the queue's and the timers' work with the others, so none is missed when it dies.
 */
export const co4353: Facade = {
  kind: 'facade',
  name: 'co4353',
  summary: 'CO4353: orders hold a ticket until they are paid or expire; two stock counters',
  target: 'co4353',
  flaws,
  options: [
    {
      name: 'hold',
      summary: 'How long an unpaid order holds its ticket',
      initial: '60s',
      expected: 'a duration such as 60s, 1500ms or 2m',
      accepts: (value) => DURATION.test(value),
    },
    {
      name: 'dialect',
      summary: 'Which API of the family: eventure, or tickets that are one unit each',
      initial: eventure.name,
      expected: `one of ${DIALECTS.map(({ name }) => name).join(', ')}`,
      accepts: (value) => DIALECTS.some(({ name }) => name === value),
    },
  ],
  schemaSql: SCHEMA_SQL,
  tokenSql: SIGNING_KEY_SQL,
  roles: [
    {
      name: 'services',
      public: true,
      processes: (asked) => asked,
      connections: CONNECTIONS_PER_PROCESS + SIDE_CONNECTIONS_PER_PROCESS,
      databaseRole: null,
      serve: serveAll,
    },
  ],
};

async function serveAll({ databaseUrl, flaws: planted, options }: RoleContext) {
  const holdMs = durationMs(options.hold!);
  const pool = openPool(databaseUrl);
  const messagePool = openSidePool(pool, MESSAGE_CONNECTIONS);
  const parts = { pool, messagePool, holdMs };
  const services = plantFlaws(correctServices(parts), planted, parts);
  const dialect = DIALECTS.find(({ name }) => name === options.dialect)!;
  const app = co4353App({ services, dialect, signingKey: await signingKey(pool) });
  const { handlers, ackWaitMs } = services;
  const work = [consume({ pool: messagePool, handlers, ackWaitMs }), expire(messagePool)];
  app.addHook('onClose', async () => {
    await Promise.all(work.map((one) => one.close()));
    await Promise.all([pool.end(), messagePool.end()]);
  });
  return app;
}

function durationMs(text: string): number {
  const [, count, unit] = DURATION.exec(text)!;
  return Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}
