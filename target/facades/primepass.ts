import { flaws, plantFlaws } from '../flaws/registry.ts';
import { primepassApp } from '../primepass/app.ts';
import { correctShop } from '../shop/correct-shop.ts';
import { SCHEMA_SQL } from '../shop/schema.ts';
import {
  CONNECTIONS_PER_PROCESS,
  openPool,
  SIDE_CONNECTIONS_PER_PROCESS,
} from '../shop/transaction.ts';
import type { Facade, RoleContext } from './facade.ts';

/** PrimePass: one kind of process, in front of the shop's tables. */
export const primepass: Facade = {
  kind: 'facade',
  name: 'primepass',
  summary: 'PrimePass: one POST buys tickets, no holds',
  target: 'primepass',
  flaws,
  options: [],
  schemaSql: SCHEMA_SQL,
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
  const app = primepassApp(plantFlaws(correctShop(pool), planted, pool));
  app.addHook('onClose', () => pool.end());
  return app;
}
