/** The account that work of the house itself is done under. */
export const HOUSE = 'house';

/**
 * The tables of the box office. `remaining` is a counter beside the orders it sums up, because one row to lock is what
 * makes a sale safe. Whoever locks several rows does it in this order, so that no two wait for each other: order,
 * buyer, pool, seats; a hold that ran out is released by `SKIP LOCKED`, which waits for nobody.
 */
const TABLES = `
CREATE TABLE box_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  opens_at timestamptz(3),
  closes_at timestamptz(3),
  limit_per_buyer integer,
  hold_ms integer NOT NULL,
  late_payment text NOT NULL CHECK (late_payment IN ('reject', 'accept-if-capacity', 'accept'))
);
CREATE INDEX ON box_event (name);
CREATE TABLE box_pool (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id bigint NOT NULL REFERENCES box_event (id) ON DELETE CASCADE,
  name text NOT NULL,
  capacity integer NOT NULL,
  price_cents integer NOT NULL,
  seated boolean NOT NULL,
  remaining integer NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX ON box_pool (event_id);
CREATE TABLE box_pool_copy (
  pool_id bigint PRIMARY KEY REFERENCES box_pool (id) ON DELETE CASCADE,
  remaining integer NOT NULL
);
CREATE TABLE box_copy_feed (fed_at timestamptz NOT NULL);
INSERT INTO box_copy_feed VALUES ('-infinity');
CREATE TABLE box_seat (
  pool_id bigint NOT NULL REFERENCES box_pool (id) ON DELETE CASCADE,
  ordinal integer NOT NULL,
  label text NOT NULL,
  order_id bigint,
  PRIMARY KEY (pool_id, label)
);
CREATE INDEX ON box_seat (pool_id, ordinal) WHERE order_id IS NULL;
CREATE INDEX ON box_seat (order_id);
CREATE TABLE box_buyer (
  id text PRIMARY KEY,
  credit_cents bigint NOT NULL,
  event_id bigint REFERENCES box_event (id) ON DELETE SET NULL
);
CREATE INDEX ON box_buyer (event_id, id);
CREATE SEQUENCE box_order_id;
CREATE TABLE box_order (
  id bigint PRIMARY KEY,
  event_id bigint NOT NULL REFERENCES box_event (id) ON DELETE CASCADE,
  pool_id bigint NOT NULL,
  buyer text NOT NULL REFERENCES box_buyer (id),
  quantity integer NOT NULL,
  seats text[] NOT NULL,
  status text NOT NULL CHECK (status IN ('held', 'paid', 'cancelled', 'expired')),
  total_cents bigint NOT NULL,
  intent text,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz(3),
  paid_at timestamptz(3)
);
CREATE INDEX ON box_order (event_id, id);
CREATE INDEX ON box_order (buyer, event_id);
CREATE INDEX ON box_order (intent) WHERE intent IS NOT NULL;
CREATE INDEX ON box_order (pool_id, expires_at) WHERE status = 'held';
CREATE INDEX ON box_order (expires_at) WHERE status = 'held';
CREATE TABLE box_payment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id bigint NOT NULL REFERENCES box_event (id) ON DELETE CASCADE,
  order_id bigint NOT NULL,
  buyer text NOT NULL,
  amount_cents bigint NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON box_payment (event_id, id);
CREATE INDEX ON box_payment (order_id);
CREATE TABLE box_key (
  key text PRIMARY KEY,
  fingerprint text NOT NULL,
  token uuid NOT NULL,
  reserved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  status integer,
  body text
);
`;

/** Makes an empty database a box office that sells nothing yet; one transaction. */
export const BOX_OFFICE_SQL = `BEGIN;${TABLES}
INSERT INTO box_buyer (id, credit_cents) VALUES ('${HOUSE}', 1000000000000);
COMMIT;`;
