import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { RunFailure } from '../model/failure.ts';
import type { CheckedTarget } from './host-guard.ts';

/** k6's option `hosts`: the name is never resolved again. Empty where the URL holds an address already. */
export function k6Hosts({ host, addresses }: CheckedTarget): Readonly<Record<string, string>> {
  return isIP(host) === 0 ? { [host]: addresses[0]! } : {};
}

/** To be spread into an axios configuration. */
export interface PinnedAgents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  /** A proxy would resolve the name anew, out of sight. */
  readonly proxy: false;
}

/**
 * Agents that connect to the target's pinned addresses and to nothing else: a request to another host or port, by
 * redirect or by mistake, fails with a `RunFailure` before a connection is made. Call `destroy` on both when done.
 */
export function pinnedAgents(target: CheckedTarget): PinnedAgents {
  const options = { keepAlive: true, lookup: pinnedLookup(target) };
  return {
    httpAgent: guard(new http.Agent(options), target),
    httpsAgent: guard(new https.Agent(options), target),
    proxy: false,
  };
}

/** A `lookup` for net.connect that knows one name. */
export function pinnedLookup(target: CheckedTarget): LookupFunction {
  const found = target.addresses.map((address) => ({ address, family: isIP(address) }));
  return (host, options, callback) => {
    if (host.toLowerCase() !== target.host) callback(otherHost(target, host), '', 0);
    else if (options.all === true) callback(null, found);
    else callback(null, found[0]!.address, found[0]!.family);
  };
}

/** A literal address is never looked up, so the agent itself has to look at where it is to connect. */
function guard<A extends http.Agent>(agent: A, target: CheckedTarget): A {
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const host = String(options.host)
      .toLowerCase()
      .replace(/^\[|\]$/g, '');
    if (host === target.host && Number(options.port) === target.port) {
      return create(options, callback);
    }
    throw otherHost(target, `${host}:${options.port}`);
  };
  return agent;
}

function otherHost(target: CheckedTarget, got: string): RunFailure {
  return new RunFailure({
    expected: `requests to ${target.host}:${target.port} only`,
    got: `one to ${got.slice(0, 200)}`,
    where: target.url,
    remedy: 'The target sent it elsewhere, by a redirect; give the URL it redirects to as --url.',
  });
}
