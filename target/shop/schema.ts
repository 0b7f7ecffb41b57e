/** The tables of PrimePass. Ids are serial and are never given out twice. */
const TABLES = `
CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  status text NOT NULL DEFAULT 'active',
  created_at timestamp NOT NULL DEFAULT now()
);
CREATE TABLE event (
  id serial PRIMARY KEY,
  title text NOT NULL,
  venue text NOT NULL,
  city text NOT NULL,
  description text,
  starts_at timestamp NOT NULL,
  ends_at timestamp NOT NULL,
  status text NOT NULL DEFAULT 'active',
  created_at timestamp NOT NULL DEFAULT now()
);
CREATE TABLE ticket (
  id serial PRIMARY KEY,
  event_id integer NOT NULL REFERENCES event (id),
  name text NOT NULL,
  price numeric(10, 2) NOT NULL,
  capacity integer NOT NULL,
  remaining integer NOT NULL
);
CREATE INDEX ON ticket (event_id);
CREATE TABLE orders (
  id serial PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  ticket_id integer NOT NULL REFERENCES ticket (id),
  status text NOT NULL DEFAULT 'confirmed',
  created_at timestamp NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON orders (user_id);
CREATE INDEX ON orders (ticket_id);
CREATE TABLE user_activity (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users (id),
  event_id integer NOT NULL REFERENCES event (id),
  action text NOT NULL,
  meta jsonb NOT NULL DEFAULT '{}',
  created_at timestamp NOT NULL DEFAULT now()
);
`;

export const DEMO_USER_ID = '00000000-0000-0000-0000-000000000001';

/** Nobody can sign in as the demo user: its hash is none. */
const SEED = `
INSERT INTO users (id, name, email, password_hash)
  VALUES ('${DEMO_USER_ID}', 'Demo', 'demo@primepass.example', 'none');
WITH festival AS (
  INSERT INTO event (title, venue, city, description, starts_at, ends_at) VALUES
    ('Nordic Music Festival', 'Harbour Stage', 'Oslo', 'Two days by the water',
     '2027-06-11 16:00', '2027-06-12 23:00') RETURNING id)
INSERT INTO ticket (event_id, name, price, capacity, remaining)
  SELECT id, name, price, capacity, capacity
  FROM festival, (VALUES ('Standard', 59.90, 300), ('VIP', 129.90, 50)) AS t (name, price, capacity);
WITH summit AS (
  INSERT INTO event (title, venue, city, description, starts_at, ends_at) VALUES
    ('Arctic Tech Summit', 'Polar Hall', 'Tromsø', 'Talks above the circle',
     '2027-09-02 09:00', '2027-09-03 17:00') RETURNING id)
INSERT INTO ticket (event_id, name, price, capacity, remaining)
  SELECT id, name, price, capacity, capacity
  FROM summit,
    (VALUES ('Early Bird', 199, 100), ('Regular', 299, 200), ('Student', 99, 75))
      AS t (name, price, capacity);
`;

/** Makes an empty database a shop with its seed data; one transaction. */
export const SCHEMA_SQL = `BEGIN;${TABLES}${SEED}COMMIT;`;
