/**
 * One schema a service; none reads another's. What they know of each other came through `queue`, which stands for the
 * broker. `orders.events` and `events.events` are the two stock counters. There is deliberately no constraint that would
 * hide a planted flaw: being right is the program's work.
 */
export const SCHEMA_SQL = `
BEGIN;
CREATE SCHEMA auth;
CREATE TABLE auth.users (
  id text PRIMARY KEY,
  email text NOT NULL UNIQUE,
  password_hash text NOT NULL
);
CREATE TABLE auth.signing_key (value text NOT NULL);
INSERT INTO auth.signing_key VALUES (replace(concat(gen_random_uuid(), gen_random_uuid()), '-', ''));

CREATE SCHEMA events;
CREATE TABLE events.events (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  date timestamptz NOT NULL,
  price numeric NOT NULL,
  tickets_left integer NOT NULL,
  version integer NOT NULL DEFAULT 0
);
CREATE TABLE events.orders (
  id text PRIMARY KEY,
  event_id text NOT NULL REFERENCES events.events (id),
  version integer NOT NULL DEFAULT 0,
  active boolean NOT NULL DEFAULT true
);
CREATE INDEX ON events.orders (event_id);

CREATE SCHEMA orders;
CREATE TABLE orders.events (
  id text PRIMARY KEY,
  event_id text NOT NULL UNIQUE,
  name text NOT NULL,
  date timestamptz NOT NULL,
  price numeric NOT NULL,
  tickets_left integer NOT NULL,
  version integer NOT NULL DEFAULT 0,
  source_version integer NOT NULL
);
CREATE TABLE orders.orders (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  event_id text NOT NULL REFERENCES orders.events (event_id),
  status text NOT NULL DEFAULT 'created',
  version integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX ON orders.orders (user_id);
CREATE INDEX ON orders.orders (event_id);

CREATE SCHEMA payments;
CREATE TABLE payments.orders (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  price numeric NOT NULL,
  expires_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'open'
);
CREATE TABLE payments.payments (
  id text PRIMARY KEY,
  order_id text NOT NULL REFERENCES payments.orders (id),
  charge_id text NOT NULL,
  amount numeric NOT NULL,
  status text NOT NULL DEFAULT 'charged',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON payments.payments (order_id);

CREATE SCHEMA expiration;
CREATE TABLE expiration.timers (
  order_id text PRIMARY KEY,
  due_at timestamptz NOT NULL
);
CREATE INDEX ON expiration.timers (due_at);

CREATE SCHEMA queue;
CREATE TABLE queue.deliveries (
  id bigserial PRIMARY KEY,
  subscriber text NOT NULL,
  subject text NOT NULL,
  body jsonb NOT NULL,
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  deliveries integer NOT NULL DEFAULT 0
);
COMMIT;
`;
