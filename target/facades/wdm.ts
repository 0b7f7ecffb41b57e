import { CONNECTIONS_PER_PROCESS } from '../shop/transaction.ts';
import { paymentConsumer, stockConsumer } from '../wdm/consumers.ts';
import { flaws } from '../wdm/flaws.ts';
import { gatewayApp } from '../wdm/gateway.ts';
import { ordersApp } from '../wdm/orders/service.ts';
import { paymentApp } from '../wdm/payment/service.ts';
import { LOGINS, SCHEMA_SQL } from '../wdm/schema.ts';
import { stockApp } from '../wdm/stock/service.ts';
import type { Facade, Role } from './facade.ts';

/** The pool and the connection that listens. */
const CONNECTIONS = CONNECTIONS_PER_PROCESS + 1;

/** Orders are most of the work; the others are half as many, and a gateway carries many of them. */
const half = (asked: number) => Math.ceil(asked / 2);
const quarter = (asked: number) => Math.ceil(asked / 4);

const internal = { public: false, connections: CONNECTIONS } as const;

/** Never two of them in one process, and none with the login of another. */
const roles: readonly Role[] = [
  {
    ...{ name: 'gateway', public: true, processes: quarter, connections: 0, databaseRole: null },
    serve: gatewayApp,
  },
  {
    ...{ ...internal, name: 'orders', processes: (asked) => asked, databaseRole: LOGINS.orders },
    serve: ordersApp,
  },
  {
    ...{ ...internal, name: 'payment', processes: half, databaseRole: LOGINS.payment },
    serve: paymentApp,
  },
  {
    ...{ ...internal, name: 'stock', processes: half, databaseRole: LOGINS.stock },
    serve: stockApp,
  },
  {
    ...{ ...internal, name: 'payment-consumer', processes: half, databaseRole: LOGINS.payment },
    serve: paymentConsumer,
  },
  {
    ...{ ...internal, name: 'stock-consumer', processes: half, databaseRole: LOGINS.stock },
    serve: stockConsumer,
  },
];

/** The shopping cart of three services, whose checkout is a saga over a queue. */
export const wdm: Facade = {
  kind: 'facade',
  name: 'wdm',
  summary: 'WDM: orders, payment and stock behind a gateway; checkout is a saga',
  target: 'wdm',
  flaws,
  options: [
    {
      name: 'generation',
      summary: 'Which form of the API, 2021 or 2024',
      initial: '2021',
      expected: '2021 or 2024',
      accepts: (value) => value === '2021' || value === '2024',
    },
  ],
  schemaSql: SCHEMA_SQL,
  roles,
};
