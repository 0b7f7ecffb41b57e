import { lookup } from 'node:dns/promises';
import { BlockList, connect, isIP, isIPv4, isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunFailure, UsageFailure } from '../model/failure.ts';

/** A target that load may be sent to, and the only addresses it may be sent to. */
export interface CheckedTarget {
  /** Normalised, without a trailing slash, user info, query or fragment. */
  readonly url: string;
  /** Host name or IP address as it stands in `url`, an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  /** IP addresses, never empty; the first one answers if any does. */
  readonly addresses: readonly string[];
}

export interface GuardOptions {
  /** Every IP address of a host name; called at most once. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

const RESOLVE_LIMIT_MS = 10_000;
const ANSWER_LIMIT_MS = 2000;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** IPv4 addresses in IPv6 dress count as what they are. 0.0.0.0 and :: name no machine and are not loopback. */
export function isLoopback(address: string): boolean {
  return loopback.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/**
 * Decides whether load may be sent to `urlText`. This machine is always allowed; any other host only where
 * `allowedHosts` names it exactly, as `host` or `host:port`. The name is resolved once, here, and whatever the name
 * system answers later cannot move the load: connect to `addresses` only (`pinnedAgents`, `k6Hosts`).
 *
 * Throws a `UsageFailure` for what is no usable base URL or an unlisted host, never repeating a user name, password or
 * query that stood in it, and a `RunFailure` for a listed host name that cannot be resolved. No request is sent; where
 * a name has several addresses, each is connected to in turn to find one that answers.
 */
export async function checkTarget(
  urlText: string,
  allowedHosts: readonly string[],
  { resolve = resolveAll }: GuardOptions = {},
): Promise<CheckedTarget> {
  const url = parseBaseUrl(urlText);
  const host = bareHost(url.hostname);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const allowed = isAllowed(host, port, allowedHosts);
  const found = isIP(host) === 0 ? await resolveOnce(host, { resolve, allowed }) : [host];
  if (!allowed) refuseStrangers(host, found);
  const addresses = await answeringFirst(found, port);
  return { url: url.href.replace(/\/+$/, ''), host, port, addresses };
}

/**
 * The same rule for the target's database, which is written to when a run is provisioned: this machine, or a host that
 * `allowedHosts` names. A socket in a folder is this machine. Throws a `UsageFailure` that repeats nothing of the text
 * but the host, because it holds a password.
 */
export async function checkDatabase(
  connectionString: string,
  allowedHosts: readonly string[],
  { resolve = resolveAll, env = process.env }: GuardOptions & { env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const url = URL.canParse(connectionString) ? new URL(connectionString) : null;
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new UsageFailure({
      expected: 'a PostgreSQL connection string, postgresql://user:password@host/database',
      got: 'something else (not shown: it may hold a password)',
      where: 'the connection string of the database',
      remedy: 'Correct it, or leave it out to work over HTTP alone.',
    });
  }
  const named = bareHost(url.searchParams.get('host') ?? decodeURIComponent(url.hostname));
  // Where the text names no host, the driver takes it from there.
  const host = named === '' ? (env.PGHOST ?? '') : named;
  if (host === '' || host.startsWith('/')) return;
  if (isAllowed(host, Number(url.port) || 5432, allowedHosts)) return;
  const found = isIP(host) === 0 ? await resolveOnce(host, { resolve, allowed: false }) : [host];
  refuseStrangers(host, found);
}

function parseBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  // With one of these the text may hold a secret, so it is not repeated.
  const shown = /[@?#]/.test(text) ? 'a text that is none' : `\`${text.slice(0, 200)}\``;
  if (url === null) throw badUrl(shown);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw badUrl(shown.startsWith('`') ? `the scheme \`${url.protocol.slice(0, 20)}\`` : shown);
  }
  if (url.username !== '' || url.password !== '') {
    throw badUrl('a user name or password in it', 'Give secrets in the environment only.');
  }
  // An empty query or fragment leaves no trace in `search` and `hash`, but stays in `href`.
  if (/[?#]/.test(url.href))
    throw badUrl('a query or fragment in it', 'Leave out all after ? or #.');
  url.hostname = url.hostname.replace(/\.$/, '');
  return url;
}

function badUrl(got: string, remedy = 'Write it as http://127.0.0.1:8080.'): UsageFailure {
  return new UsageFailure({ expected: 'an http or https base URL', got, where: '--url', remedy });
}

function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function isAllowed(host: string, port: number, allowedHosts: readonly string[]): boolean {
  return allowedHosts.map(normaliseAllowed).some((name) => {
    return name === host || name === `${host}:${port}` || name === `[${host}]:${port}`;
  });
}

/** Upper case, other scripts and long forms of an address are written as a URL writes them; nothing is widened. */
function normaliseAllowed(entry: string): string {
  const text = isIPv6(entry) ? `[${entry}]` : entry;
  // Neither http nor https would show its own default port.
  const address = `ftp://${text}`;
  if (!/^[^\s/@?#\\*]+$/.test(text) || !URL.canParse(address)) {
    throw new UsageFailure({
      expected: 'a host name or IP address, with :port if you like',
      got: /[@?#]/.test(entry) ? 'something else' : `\`${entry.slice(0, 200)}\``,
      where: '--allow-host',
      remedy: 'Name each host exactly; patterns and URLs are not accepted.',
    });
  }
  const { hostname, port } = new URL(address);
  const host = hostname.replace(/\.$/, '');
  return port === '' ? bareHost(host) : `${host}:${port}`;
}

function refuseStrangers(host: string, addresses: readonly string[]): void {
  const address = addresses.find((one) => !isLoopback(one));
  if (address === undefined) return;
  const got = address === host ? host : `${host}, which is ${address}`;
  if (address === '0.0.0.0' || address === '::')
    throw stranger(host, got, 'Say 127.0.0.1 for this machine.');
  throw stranger(host, got);
}

function stranger(
  host: string,
  got: string,
  remedy = `If you may use it for a load test, add --allow-host ${host}.`,
): UsageFailure {
  const expected = 'a target and database on this machine, or allowed by name';
  return new UsageFailure({ expected, got, where: `the host ${host}`, remedy });
}

async function resolveAll(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
}

async function resolveOnce(
  host: string,
  options: { resolve: NonNullable<GuardOptions['resolve']>; allowed: boolean },
): Promise<readonly string[]> {
  const { resolve, allowed } = options;
  const late = new AbortController();
  try {
    const found = await Promise.race([
      resolve(host),
      sleep(RESOLVE_LIMIT_MS, null, { signal: late.signal }),
    ]);
    if (found === null) throw new Error(`no answer within ${RESOLVE_LIMIT_MS} ms`);
    if (found.length === 0) throw new Error('no address');
    return found;
  } catch (cause) {
    // Nobody can tell whether it is this machine, so it is one that would have to be allowed.
    if (!allowed) throw stranger(host, `${host}, which cannot be resolved`);
    throw new RunFailure({
      expected: 'a host name that can be resolved',
      got: cause instanceof Error ? cause.message : String(cause),
      where: host,
      remedy: 'Check the name, and that this machine reaches its name server.',
      cause,
    });
  } finally {
    late.abort();
  }
}

/**
 * `localhost` is often both ::1 and 127.0.0.1 while the service listens on one of them. k6 takes one address a name,
 * so the one that answers is put first; where none does, the order stays and the target's own probe says so.
 */
async function answeringFirst(
  addresses: readonly string[],
  port: number,
): Promise<readonly string[]> {
  if (addresses.length < 2) return addresses;
  for (const address of addresses.slice(0, 8)) {
    if (await answers(address, port)) return [address, ...addresses.filter((a) => a !== address)];
  }
  return addresses;
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ANSWER_LIMIT_MS });
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });
}
