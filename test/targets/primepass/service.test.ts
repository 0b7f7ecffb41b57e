import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure, RunFailure, UsageFailure } from '../../../lib/model/failure.ts';
import type { Fixture } from '../../../lib/model/fixture.ts';
import { fixtureSchema } from '../../../lib/model/fixture.ts';
import type { IntentsFile } from '../../../lib/model/plan.ts';
import { stateSchema } from '../../../lib/model/state.ts';
import type { Connection } from '../../../lib/targets/admin.ts';
import { protocol } from '../../../lib/targets/primepass/protocol.ts';
import { primepass } from '../../../lib/targets/primepass/target.ts';
import { readFinalState } from '../../../lib/targets/settle.ts';
import { type ReferenceService, startReferenceService } from '../../reference-service.ts';
import { askedBy, connectionTo, intentsOf, knownOf, planOf } from '../connection.ts';
import { startServer } from '../hostile-server.ts';

const { admin } = primepass;
let service: ReferenceService;
let database: pg.Client;

beforeAll(async () => {
  service = await startReferenceService({ processes: 2 });
  database = new pg.Client({ connectionString: service.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await service?.stop();
});

const overSql = (change: Partial<Connection> = {}): Connection =>
  connectionTo(service.url, { databaseUrl: service.databaseUrl, ...change });
const overHttp = (change: Partial<Connection> = {}): Connection =>
  connectionTo(service.url, change);
/** Only what goes into fixture.json: PrimePass has no secrets. */
async function provisioned(...asked: Parameters<typeof admin.provision>): Promise<Fixture> {
  return (await admin.provision(...asked)).fixture;
}
const newRunId = (): string => randomBytes(5).toString('hex');

async function buy(fixture: Fixture, intents: IntentsFile, i: number, quantity = 1) {
  const intent = { ...intents.intents[i]!, quantity };
  const asked = { ...askedBy(fixture, intents, i), intent };
  const { path, method, headers, body } = protocol.purchase.say(asked);
  const reply = await fetch(`${service.url}${path}`, { method, headers, body });
  const text = await reply.text();
  return protocol.purchase.read({ status: reply.status, body: text, silence: null }, asked).outcome;
}

async function rejection(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}

test('the service is what it should be, over HTTP and over SQL', async () => {
  await admin.probe(overHttp());
  await admin.probe(overSql());
});

describe('provision over SQL', () => {
  test('makes pools and one buyer an intent, on offer and able to buy', async () => {
    const asked = { plan: planOf({ pools: 3, capacity: 7 }), intents: intentsOf(newRunId(), 5, 3) };
    const fixture = fixtureSchema.parse(await provisioned(overSql(), asked));
    expect(fixture).toMatchObject({ access: 'sql', baselineOrders: [] });
    expect(fixture.pools.map((p) => [p.name, p.capacity, p.remaining])).toEqual([
      ['Pool 1', 7, 7],
      ['Pool 2', 7, 7],
      ['Pool 3', 7, 7],
    ]);
    expect(new Set(fixture.buyers.map((b) => b.id)).size).toBe(5);
    expect(await buy(fixture, asked.intents, 1)).toBe('ok');
  });

  test('a second call finds everything, and what was sold before is the baseline', async () => {
    const asked = { plan: planOf({ capacity: 5 }), intents: intentsOf(newRunId(), 4) };
    const first = await provisioned(overSql(), asked);
    expect(await provisioned(overSql(), asked)).toEqual(first);
    expect(await buy(first, asked.intents, 0, 2)).toBe('ok');
    const again = await provisioned(overSql(), asked);
    expect(again.pools[0]).toMatchObject({ id: first.pools[0]!.id, capacity: 3, remaining: 3 });
    expect(again.baselineOrders).toHaveLength(2);
    expect(await buy(again, asked.intents, 1)).toBe('ok');
    const reading = await admin.read(overSql(), knownOf(again, asked.intents));
    expect(reading.orders.map((order) => order.intent)).toEqual([asked.intents.intents[1]!.key]);
  });

  test('four calls at once make one event, and all find the same', async () => {
    const asked = { plan: planOf({ pools: 2 }), intents: intentsOf(newRunId(), 200, 2) };
    const racing = Array.from({ length: 4 }, () => provisioned(overSql(), asked));
    const [first, ...others] = await Promise.all(racing);
    for (const other of others) expect(other).toEqual(first);
    const title = first!.event;
    const { rowCount } = await database.query('SELECT FROM event WHERE title = $1', [title]);
    expect(rowCount).toBe(1);
  });

  test('capacity 0 is a pool in which nobody may be sold a ticket', async () => {
    const asked = { plan: planOf({ capacity: 0 }), intents: intentsOf(newRunId(), 1) };
    const fixture = await provisioned(overSql(), asked);
    expect(fixture.pools[0]!.capacity).toBe(0);
    expect(await buy(fixture, asked.intents, 0)).toBe('refused');
  });

  test('a run id made with another plan is said, not mixed', async () => {
    const intents = intentsOf(newRunId(), 1);
    await admin.provision(overSql(), { plan: planOf({ capacity: 5 }), intents });
    const { parts } = await rejection(
      admin.provision(overSql(), { plan: planOf({ capacity: 6 }), intents }),
    );
    expect(parts.got).toBe('capacity 5, remaining 5');
  });

  test('hostile names stay values', async () => {
    const intents = intentsOf(`'); DROP TABLE orders; -- ${newRunId()}`, 2);
    const fixture = await provisioned(overSql(), { plan: planOf(), intents });
    expect(await buy(fixture, intents, 0)).toBe('ok');
  });

  test('progress ends at its total', async () => {
    const seen: [number, number][] = [];
    const asked = { plan: planOf(), intents: intentsOf(newRunId(), 6000) };
    await admin.provision(overSql({ onProgress: (...step) => seen.push(step) }), asked);
    expect(seen).toEqual([
      [5000, 6000],
      [6000, 6000],
    ]);
  });

  test('tickets that the shop does not offer are found before any load', async () => {
    const other = await startServer((_, reply) => reply.end('[]'));
    const asked = { plan: planOf(), intents: intentsOf(newRunId(), 1) };
    const elsewhere = { ...overSql({ timeoutMs: 500 }), url: other.url };
    const { parts } = await rejection(admin.provision(elsewhere, asked));
    await other.stop();
    expect(parts.got).toBe('a list of events without 1 of them');
    expect(parts.remedy).toContain('connection string');
  });
});

describe('provision over HTTP', () => {
  test('takes the tickets nearest to the plan as they are, and says what differs', async () => {
    const notices: string[] = [];
    const asked = { plan: planOf({ capacity: 52 }), intents: intentsOf(newRunId(), 20) };
    const connection = overHttp({ onNotice: (sentence) => notices.push(sentence) });
    const fixture = fixtureSchema.parse(await provisioned(connection, asked));
    expect(fixture).toMatchObject({ access: 'http', event: 'Nordic Music Festival' });
    expect(fixture.pools[0]).toMatchObject({ name: 'Nordic Music Festival / VIP', capacity: 50 });
    expect(notices.join()).toMatch(/50 tickets left, the plan asks for 52/);
    expect(new Set(fixture.buyers.map((b) => b.id)).size).toBe(20);
  });

  test('a second call finds the buyers, and what they bought before is the baseline', async () => {
    const asked = { plan: planOf({ capacity: 100 }), intents: intentsOf(newRunId(), 3) };
    const first = await provisioned(overHttp(), asked);
    expect(await buy(first, asked.intents, 0)).toBe('ok');
    const again = await provisioned(overHttp(), asked);
    expect(again.buyers).toEqual(first.buyers);
    expect(again.baselineOrders).toHaveLength(1);
    expect(await buy(again, asked.intents, 1)).toBe('ok');
    const reading = await admin.read(overHttp(), knownOf(again, asked.intents));
    expect(reading.complete).toBe(true);
    expect(reading.orders.map((order) => order.intent)).toEqual([asked.intents.intents[1]!.key]);
    expect(reading.orders.map((order) => order.pool)).toEqual([again.pools[0]!.id]);
  });

  test('more pools than there are tickets', async () => {
    const asked = { plan: planOf({ pools: 1000 }), intents: intentsOf(newRunId(), 1) };
    const failure = await rejection(admin.provision(overHttp(), asked));
    expect(failure).toBeInstanceOf(UsageFailure);
    expect(failure.parts.got).toMatch(/Nordic Music Festival \/ Standard: \d+ left/);
  });
});

describe('read over SQL', () => {
  async function sale(capacity: number, buyers: number) {
    const intents = intentsOf(newRunId(), buyers);
    const fixture = await provisioned(overSql(), { plan: planOf({ capacity }), intents });
    return knownOf(fixture, intents);
  }

  test('every order of the pools, each with its intent; strangers with none', async () => {
    const known = await sale(10, 3);
    const stranger = await sale(10, 1);
    await Promise.all([0, 1, 2].map((i) => buy(known.fixture, known.intents, i, i + 1)));
    const ours = { ...stranger.fixture, pools: known.fixture.pools };
    expect(await buy(ours, stranger.intents, 0)).toBe('ok');
    const reading = await admin.read(overSql(), known);
    expect(reading).toMatchObject({ access: 'sql', complete: true, exhaustive: true, caveats: [] });
    expect(reading.pools).toEqual([{ id: known.fixture.pools[0]!.id, remaining: 3 }]);
    const keys = reading.orders.map((order) => order.intent ?? 'stranger').sort();
    expect(keys.map((key) => key.split('-').at(-1))).toEqual([
      ...['0', '1', '1', '2', '2', '2'],
      'stranger',
    ]);
    expect(reading.orders.every((o) => o.quantity === 1 && o.status === 'live')).toBe(true);
  });

  test('orders of our buyers for other tickets are kept and said', async () => {
    const known = await sale(10, 1);
    const other = await sale(10, 1);
    const astray = { ...known.fixture, pools: other.fixture.pools };
    expect(await buy(astray, known.intents, 0)).toBe('ok');
    const reading = await admin.read(overSql(), known);
    expect(reading.orders).toMatchObject([
      { pool: other.fixture.pools[0]!.id, intent: known.intents.intents[0]!.key },
    ]);
    expect(reading.caveats.join()).toMatch(/1 order rows .* outside the run's pools/);
  });

  test('a pool that was deleted makes it incomplete', async () => {
    const known = await sale(10, 1);
    await database.query('DELETE FROM ticket WHERE id::text = $1', [known.fixture.pools[0]!.id]);
    const reading = await admin.read(overSql(), known);
    expect(reading).toMatchObject({ complete: false, pools: [{ remaining: null }] });
  });

  test('one moment: tickets and orders agree while others buy', async () => {
    const known = await sale(400, 100);
    let buying = true;
    const crowd = (async () => {
      for (let i = 0; i < 400 && buying; i += 4) {
        const four = [0, 1, 2, 3].map((k) => buy(known.fixture, known.intents, (i + k) % 100));
        await Promise.all(four);
      }
    })();
    for (let i = 0; i < 10; i++) {
      const reading = await admin.read(overSql(), known);
      expect(reading.pools[0]!.remaining! + reading.orders.length).toBe(400);
    }
    buying = false;
    await crowd;
  });

  test('settles on two equal readings over SQL and over HTTP, which agree', async () => {
    const known = await sale(5, 8);
    await Promise.all(known.intents.intents.map((_, i) => buy(known.fixture, known.intents, i)));
    const common = { target: primepass, ...known, quietMs: 0 };
    const bySql = stateSchema.parse(await readFinalState({ ...common, connection: overSql() }));
    const byHttp = stateSchema.parse(await readFinalState({ ...common, connection: overHttp() }));
    expect(bySql).toMatchObject({ settled: true, complete: true, exhaustive: true, readings: 2 });
    expect(byHttp).toMatchObject({ settled: true, complete: true, exhaustive: false, readings: 2 });
    expect(byHttp.orders).toEqual(bySql.orders);
    expect(byHttp.pools).toEqual(bySql.pools);
    expect(bySql.orders).toHaveLength(5);
  });
});

describe('around a run', () => {
  test('every call of the contract is answered as it says', async () => {
    const trials = await admin.check(overHttp());
    expect(trials.filter(({ got }) => got !== null)).toEqual([]);
    expect(trials.length).toBeGreaterThan(8);
  });

  test('the outline tells what provisioning would do, and does none of it', async () => {
    const asked = { plan: planOf({ pools: 2 }), intents: intentsOf(newRunId(), 3, 2) };
    const steps = await admin.outline(overSql(), asked);
    expect(steps.join()).toMatch(/2 tickets of 2 each.*3 users/);
    const title = `Onsale ${asked.intents.runId}`;
    const { rowCount } = await database.query('SELECT FROM event WHERE title = $1', [title]);
    expect(rowCount).toBe(0);
  });

  test('what a run made goes again, with its orders, and nothing of others', async () => {
    const intents = intentsOf(newRunId(), 3);
    const fixture = await provisioned(overSql(), { plan: planOf({ capacity: 5 }), intents });
    const others = intentsOf(newRunId(), 1);
    const other = await provisioned(overSql(), { plan: planOf({ capacity: 5 }), intents: others });
    await buy(fixture, intents, 0, 2);
    const told = await admin.deprovision(overSql(), knownOf(fixture, intents));
    expect(told).toEqual(['2 orders, 1 tickets and 3 users went.']);
    const { rows } = await database.query('SELECT title FROM event WHERE title = ANY ($1)', [
      [fixture.event, other.event],
    ]);
    expect(rows).toEqual([{ title: other.event }]);
    expect(await buy(other, others, 0)).toBe('ok');
  });

  test('over HTTP nothing can go, and that is told', async () => {
    const intents = intentsOf(newRunId(), 2);
    const fixture = await provisioned(overSql(), { plan: planOf(), intents });
    const told = await admin.deprovision(overHttp(), knownOf(fixture, intents));
    expect(told.join()).toMatch(/2 users and their orders stay/);
  });
});

describe('a database that is not to be had', () => {
  const asked = () => ({ plan: planOf(), intents: intentsOf(newRunId(), 1) });

  function changed(change: (url: URL) => void): string {
    const url = new URL(service.databaseUrl);
    change(url);
    return url.href;
  }

  test('another schema: the tables that are missing are named', async () => {
    const empty = changed((url) => {
      url.pathname = '/postgres';
    });
    const { parts } = await rejection(admin.probe(overSql({ databaseUrl: empty })));
    expect(parts.got).toMatch(/a database without event\.id, /);
    await rejection(admin.provision(overSql({ databaseUrl: empty }), asked()));
  });

  test('no such database', async () => {
    const gone = changed((url) => {
      url.pathname = '/nowhere';
    });
    const { parts } = await rejection(admin.probe(overSql({ databaseUrl: gone })));
    expect(parts.got).toContain('3D000');
  });

  test('nothing listens', async () => {
    const { parts } = await rejection(
      admin.probe(overSql({ databaseUrl: 'postgres://u:p@127.0.0.1:1/shop' })),
    );
    expect(parts.got).toContain('ECONNREFUSED');
    expect(parts.where).toBe('PostgreSQL at 127.0.0.1:1, database shop');
  });

  test('a server that never answers, and one that interrupts end', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const databaseUrl = `postgres://u:p@127.0.0.1:${port}/shop`;
    expect(await rejection(admin.probe(overSql({ databaseUrl, timeoutMs: 1000 })))).toBeInstanceOf(
      RunFailure,
    );
    const controller = new AbortController();
    const reason = new Error('interrupted');
    setTimeout(() => controller.abort(reason), 200);
    const hanging = admin.probe(overSql({ databaseUrl, signal: controller.signal }));
    await expect(hanging).rejects.toBe(reason);
    silent.close();
  });

  test('a lock that is never released ends at the time limit', async () => {
    const known = asked();
    const fixture = await provisioned(overSql(), known);
    await database.query('BEGIN');
    await database.query('LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
    const late = overSql({ timeoutMs: 400 });
    const { parts } = await rejection(admin.read(late, knownOf(fixture, known.intents)));
    await database.query('ROLLBACK');
    expect(parts.got).toMatch(/timeout/);
  });

  test('no connection is left behind', async () => {
    const count = `SELECT count(*)::int AS open FROM pg_stat_activity WHERE application_name = 'onsale'`;
    await expect
      .poll(async () => (await database.query<{ open: number }>(count)).rows[0]!.open)
      .toBe(0);
  });

  test('a server that echoes the password in its refusal', async () => {
    const field = (kind: string, text: string): string => `${kind}${text}\0`;
    const said = 'no entry with canary/p@ss or canary%2Fp%40ss';
    const fields = `${field('S', 'FATAL')}${field('C', '28P01')}${field('M', said)}\0`;
    const packet = Buffer.concat([Buffer.from('E\0\0\0\0'), Buffer.from(fields)]);
    packet.writeInt32BE(packet.length - 1, 1);
    const echo = createServer((socket) => socket.once('data', () => socket.end(packet)));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const { port } = echo.address() as { port: number };
    const databaseUrl = `postgres://u:canary%2Fp%40ss@127.0.0.1:${port}/shop`;
    const failure = await rejection(admin.probe(overSql({ databaseUrl })));
    echo.close();
    expect(failure.parts.got).toBe('no entry with *** or *** 28P01');
    expect(failure.parts.remedy).toContain('password');
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('canary');
  });

  test.each(['canary secret', 'postgres://u:canary@[', 'mysql://u:canary@localhost/x'])(
    'a malformed connection string is not echoed: %s',
    async (databaseUrl) => {
      const failure = await rejection(admin.probe(overSql({ databaseUrl })));
      expect(failure).toBeInstanceOf(UsageFailure);
      expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('canary');
    },
  );

  test.each(['password', 'host', 'database'])(
    'a wrong %s never shows the password',
    async (which) => {
      const databaseUrl = changed((url) => {
        url.password = 'canary/p@ss';
        if (which === 'host') url.port = '1';
        if (which === 'database') url.pathname = '/canary-less';
      });
      const failure = await rejection(admin.probe(overSql({ databaseUrl })));
      const shown = inspect(failure, { depth: 20, showHidden: true }) + String(failure.stack);
      expect(shown).not.toMatch(/canary\/|canary%2F|p@ss|p%40ss/i);
    },
  );
});
