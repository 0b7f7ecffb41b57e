import { boxOfficeApp } from '../boxoffice/app.ts';
import { startBackground } from '../boxoffice/background.ts';
import { flaws, plantFlaws } from '../boxoffice/flaws/registry.ts';
import { BOX_OFFICE_SQL } from '../boxoffice/schema.ts';
import {
  CONNECTIONS_PER_PROCESS,
  openPool,
  SIDE_CONNECTIONS_PER_PROCESS,
} from '../shop/transaction.ts';
import type { Facade, RoleContext } from './facade.ts';

/** The box office: holds, seats, payments, limits, cancellation, idempotency keys, a sale window. */
export const reference: Facade = {
  kind: 'facade',
  name: 'reference',
  summary: 'The box office: holds, seats, payments, limits, cancellation, idempotency keys',
  target: 'reference',
  flaws,
  options: [],
  schemaSql: BOX_OFFICE_SQL,
  roles: [
    {
      name: 'web',
      public: true,
      processes: (asked) => asked,
      connections: CONNECTIONS_PER_PROCESS + SIDE_CONNECTIONS_PER_PROCESS,
      databaseRole: null,
      serve: serveWeb,
    },
  ],
};

function serveWeb({ databaseUrl, flaws: planted }: RoleContext) {
  const pool = openPool(databaseUrl);
  const { office, steps } = plantFlaws(pool, planted);
  const endBackground = startBackground(pool, steps);
  const app = boxOfficeApp(office, pool);
  app.addHook('onClose', async () => {
    await endBackground();
    await pool.end();
  });
  return app;
}
