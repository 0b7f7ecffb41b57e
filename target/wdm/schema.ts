/** The logins of the three services. Each may touch its own schema and the queue, nothing else. */
export const LOGINS = { orders: 'wdm_orders', payment: 'wdm_payment', stock: 'wdm_stock' } as const;

/** One row a message; `hidden_until` is the end of the lease of whoever took it. */
const QUEUE = `
CREATE SCHEMA queue;
CREATE TABLE queue.message (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue text NOT NULL,
  body jsonb NOT NULL,
  hidden_until timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 50);
CREATE INDEX ON queue.message (queue, id);
`;

/** A charge is known by the key that whoever asked for it gave it: a redelivered request finds the row of the first. */
const PAYMENT = `
CREATE SCHEMA payment;
CREATE TABLE payment.account (
  id text PRIMARY KEY,
  credit numeric NOT NULL DEFAULT 0
) WITH (fillfactor = 70);
CREATE TABLE payment.charge (
  key text PRIMARY KEY,
  user_id text NOT NULL,
  order_id text NOT NULL,
  amount numeric NOT NULL,
  state text NOT NULL CHECK (state IN ('charged', 'refused', 'unknown', 'cancelled'))
);
CREATE INDEX ON payment.charge (order_id);
`;

const STOCK = `
CREATE SCHEMA stock;
CREATE TABLE stock.item (
  id text PRIMARY KEY,
  price numeric NOT NULL,
  stock bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70);
CREATE TABLE stock.reservation (
  key text PRIMARY KEY,
  lines jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('taken', 'refused', 'unknown', 'returned')),
  detail text
);
`;

/** A saga is one checkout. At most one of an order is under way: whoever checks out meanwhile waits for that one. */
const ORDERS = `
CREATE SCHEMA orders;
CREATE TABLE orders.purchase (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  items jsonb NOT NULL DEFAULT '[]',
  total_cost numeric NOT NULL DEFAULT 0,
  paid boolean NOT NULL DEFAULT false
);
CREATE TABLE orders.saga (
  id uuid PRIMARY KEY,
  order_id text NOT NULL,
  payment text,
  stock text,
  detail text,
  over boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX ON orders.saga (order_id) WHERE NOT over;
`;

const GRANTS = Object.entries(LOGINS).map(
  ([schema, login]) => `
GRANT USAGE ON SCHEMA queue, ${schema} TO ${login};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA queue, ${schema} TO ${login};
`,
);

/** Makes an empty database the three services' and their queue's; one transaction. */
export const SCHEMA_SQL = `BEGIN;${QUEUE}${PAYMENT}${STOCK}${ORDERS}${GRANTS.join('')}COMMIT;`;
