/*
 * What a file with an API of one's own imports as 'onsale'. It is bundled with that file, for Node and for k6, so it
 * imports nothing at run time but what is as plain as itself. docs/tutorial.md shows how it is used.
 */
import type { Exchange } from '../protocol.ts';
import type { Told } from './reply.ts';

export type { Asked, Exchange } from '../protocol.ts';
export { defineProtocol, type OwnAction, type OwnProtocol } from './careful.ts';
export type {
  Admin,
  AdminCall,
  OrderTold,
  PoolTold,
  Shop,
  WantedBuyer,
  WantedPool,
} from './definition.ts';
export { type Answer, at, type Told } from './reply.ts';

const JSON_HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json' } as const;

/** A request with a JSON body, or none; `headers` come beside the usual ones. */
function exchange(
  method: Exchange['method'],
  { path, body, headers }: { path: string; body: unknown; headers: Exchange['headers'] },
): Exchange {
  if (body === undefined)
    return { method, path, headers: { Accept: 'application/json', ...headers }, body: null };
  return { method, path, headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify(body) };
}

export const get = (path: string, headers: Exchange['headers'] = {}): Exchange =>
  exchange('GET', { path, body: undefined, headers });

export const post = (path: string, body?: unknown, headers: Exchange['headers'] = {}): Exchange =>
  exchange('POST', { path, body, headers });

export const put = (path: string, body?: unknown, headers: Exchange['headers'] = {}): Exchange =>
  exchange('PUT', { path, body, headers });

export const del = (path: string, headers: Exchange['headers'] = {}): Exchange =>
  exchange('DELETE', { path, body: undefined, headers });

/**
 * It happened. What the reply tells goes with it: `order`, `seat`, `value` (tickets left), `state`, `expiresAt` (Unix
 * epoch ms), `amount` (smallest unit of the currency), `mayLag`. Numbers will do for ids; what does not fit is left out,
 * but a read without what it was asked for has told nothing.
 */
export const ok = (details: Told['details'] = {}): Told => ({ outcome: 'ok', reason: '', details });

/** The shop said no for a business reason, such as `no-credit`; for being sold out there is {@link soldOut}. */
export const refused = (reason: string): Told => ({ outcome: 'refused', reason, details: {} });

/** The shop said that there are not enough tickets left, and nothing else by that reply. */
export const soldOut = (): Told => refused('sold-out');

/** Certainly nothing happened: the request was turned down before anything was written, such as `busy`. */
export const failed = (reason: string): Told => ({ outcome: 'fail', reason, details: {} });

/** It may have happened or not. When in doubt, this. */
export const unclear = (reason: string): Told => ({ outcome: 'info', reason, details: {} });
