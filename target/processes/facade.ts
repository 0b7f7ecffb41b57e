import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { UpOptions } from '../command-line.ts';
import type { Facade, Role, Serving, ShopDatabase } from '../facades/facade.ts';
import { type Crew, Fleet } from './fleet.ts';

/** How many database connections all processes of a façade may hold together. */
export function connectionsOf(facade: Facade, processes: number): number {
  const counts = facade.roles.map((role) => role.processes(processes) * role.connections);
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Makes the tables of a façade and starts its processes; resolves when all of them serve. */
export async function serveFacade(
  facade: Facade,
  asked: UpOptions,
  database: ShopDatabase,
): Promise<Serving> {
  const { host, flaws, options } = asked;
  const { urls, token } = await prepareDatabase(facade, database.url);
  const crewOf = (role: Role): Crew => ({
    public: role.public,
    count: role.processes(asked.processes),
    orders: {
      ...{ api: facade.name, role: role.name, host, port: asked.port, flaws, options },
      databaseUrl: role.databaseRole === null ? database.url : urls.get(role.databaseRole)!,
    },
  });
  const fleet = await Fleet.start(facade.roles.map(crewOf));
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${fleet.port}`,
    environment: {
      ONSALE_DATABASE_URL: database.url,
      ...(token === null ? {} : { ONSALE_TOKEN: token }),
    },
    ended: fleet.broken,
    stop: () => fleet.stop(),
  };
}

interface Prepared {
  /** Addresses of the logins. */
  readonly urls: ReadonlyMap<string, string>;
  readonly token: string | null;
}

/** Makes the logins, so that the tables can be granted to them, then the tables and what they keep secret. */
async function prepareDatabase(facade: Facade, owner: string): Promise<Prepared> {
  const urls = new Map<string, string>();
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  for (const { databaseRole } of facade.roles) {
    if (databaseRole === null || urls.has(databaseRole)) continue;
    const password = randomBytes(24).toString('base64url');
    const name = client.escapeIdentifier(databaseRole);
    await client.query(`CREATE ROLE ${name} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    const url = new URL(owner);
    url.username = databaseRole;
    url.password = password;
    urls.set(databaseRole, url.href);
  }
  await client.query(facade.schemaSql);
  const token = facade.tokenSql === undefined ? null : await readToken(client, facade.tokenSql);
  await client.end();
  return { urls, token };
}

async function readToken(client: pg.Client, sql: string): Promise<string> {
  const { rows } = await client.query<[string]>({ text: sql, rowMode: 'array' });
  return rows[0]![0];
}
