import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The line that says the service is ready. */
export interface Ready {
  readonly api: string;
  readonly target: string;
  readonly url: string;
  readonly databaseUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly processes: number;
  readonly flaws: readonly string[];
  readonly pid: number;
}

/** The program as a child process, with what it has said so far. */
export interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves when it has ended and everything that held its output has, too. */
  readonly closed: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves with the ready line; rejects with its errors if it ends before. */
  readonly ready: () => Promise<Ready>;
}

export function runTarget(args: readonly string[], options: SpawnOptions = {}): Program {
  const entry = join(String(options.cwd ?? ROOT), 'target', 'main.ts');
  const loader = join(ROOT, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const child = spawn(process.execPath, ['--import', `file://${loader}`, entry, ...args], {
    cwd: ROOT,
    ...options,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdin?.on('error', () => undefined);
  const closed = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const ready = async (): Promise<Ready> => {
    while (!output.includes('\n')) {
      const more = child.stdout === null ? closed : once(child.stdout, 'data');
      if ((await Promise.race([more, closed.then(() => 'closed')])) === 'closed')
        throw new Error(`the service ended before it was ready:\n${errors}`);
    }
    return JSON.parse(output) as Ready;
  };
  return { child, output: () => output, errors: () => errors, closed, ready };
}

/** A running service with a way into its database. */
export interface Service extends Ready {
  readonly program: Program;
  readonly sql: pg.Pool;
  readonly stop: () => Promise<void>;
}

/** `args` are those behind `up`, the API included. */
export async function startService(...args: string[]): Promise<Service> {
  const program = runTarget(['up', ...args, '--until-stdin-closes']);
  const ready = await program.ready();
  const sql = new pg.Pool({ connectionString: ready.databaseUrl, max: 4 });
  sql.on('error', () => undefined);
  const stop = async () => {
    await sql.end();
    program.child.stdin?.end();
    await program.closed;
  };
  return { ...ready, program, sql, stop };
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** One request; `body` is sent as it is. */
export async function send(
  url: string,
  method: string,
  body?: string,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: Buffer.from(body), headers }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: await response.text(),
  };
}

/** A new ticket with this stock, in an event of its own. */
export async function makeTicket(sql: pg.Pool, capacity: number): Promise<number> {
  const { rows } = await sql.query<{ id: number }>(
    `WITH made AS (INSERT INTO event (title, venue, city, starts_at, ends_at)
       VALUES ('Rush', 'Hall', 'Porto', now(), now()) RETURNING id)
     INSERT INTO ticket (event_id, name, price, capacity, remaining)
       SELECT id, 'Standard', 10, $1::int, $1::int FROM made RETURNING id`,
    [capacity],
  );
  return rows[0]!.id;
}

export async function makeUsers(sql: pg.Pool, count: number): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO users (name, email, password_hash)
       SELECT 'Buyer', gen_random_uuid() || '@example.test', 'none' FROM generate_series(1, $1)
       RETURNING id`,
    [count],
  );
  return rows.map((row) => row.id);
}

/** What a rush left behind, and what its buyers were told. */
export interface Rush {
  readonly told: readonly { user: string; quantity: number; status: number; owned: number }[];
  readonly remaining: number;
  /** Rows of the ticket. */
  readonly orders: number;
  /** Rows of people who were not in the rush. */
  readonly strangers: number;
}

/** Everybody buys at once, each over a connection of their own; then the shop may come to rest. */
export async function rush(
  service: Service,
  {
    buyers,
    capacity,
    quantities = [1],
  }: { buyers: number; capacity: number; quantities?: number[] },
): Promise<Rush> {
  const ticket = await makeTicket(service.sql, capacity);
  const users = await makeUsers(service.sql, buyers);
  const agent = new Agent({ maxSockets: buyers });
  const answers = await Promise.all(
    users.map(async (user, i) => {
      const quantity = quantities[i % quantities.length]!;
      const body = JSON.stringify({ user_id: user, ticket_id: ticket, quantity });
      return { user, quantity, status: await buy(`${service.url}/api/purchase`, agent, body) };
    }),
  );
  agent.destroy();
  return settle(service.sql, ticket, answers);
}

async function buy(url: string, agent: Agent, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const sent = request(url, { agent, method: 'POST', headers }).end(body);
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

async function settle(
  sql: pg.Pool,
  ticket: number,
  answers: readonly { user: string; quantity: number; status: number }[],
): Promise<Rush> {
  let before = -1;
  const owned = new Map<string, number>();
  for (let orders = 0; orders !== before; orders = [...owned.values()].reduce((a, b) => a + b, 0)) {
    before = orders;
    await new Promise((resolve) => setTimeout(resolve, 700));
    const { rows } = await sql.query<{ user_id: string; n: number }>(
      'SELECT user_id, count(*)::int AS n FROM orders WHERE ticket_id = $1 GROUP BY 1',
      [ticket],
    );
    for (const row of rows) owned.set(row.user_id, row.n);
  }
  const { rows } = await sql.query('SELECT remaining FROM ticket WHERE id = $1', [ticket]);
  const told = answers.map((answer) => ({ ...answer, owned: owned.get(answer.user) ?? 0 }));
  const orders = [...owned.values()].reduce((a, b) => a + b, 0);
  const strangers = orders - told.reduce((sum, { owned: n }) => sum + n, 0);
  return { told, remaining: rows[0].remaining, orders, strangers };
}
