import http, { type Params, type Response } from 'k6/http';
import type { Exchange, Reply } from '../../lib/targets/protocol.ts';
import { silenceOf } from './silence.ts';

/** How a request is sent, whatever it asks. */
export interface Sending {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  /** Constant, or every URL becomes a time series of its own and k6's memory grows without bound. */
  readonly name: string;
}

function paramsOf(exchange: Exchange, { timeoutMs, name }: Sending): Params {
  return {
    headers: exchange.headers,
    timeout: timeoutMs,
    redirects: 0,
    responseType: 'text',
    tags: { name },
  };
}

function replyOf(response: Response, exchange: Exchange): Reply {
  // k6 gives a status only to replies that it could read to their end.
  if (response.status === 0) {
    return { status: 0, body: '', silence: silenceOf(response.error_code, exchange) };
  }
  return { status: response.status, body: (response.body as string | null) ?? '', silence: null };
}

/**
 * Sends one request and waits for the whole reply. Redirects are not followed: they could lead the load to a host that
 * nobody allowed. Never throws on what the target does.
 */
export function send({ exchange, ...how }: Sending & { readonly exchange: Exchange }): Reply {
  const { method, path, body } = exchange;
  return replyOf(http.request(method, how.baseUrl + path, body, paramsOf(exchange, how)), exchange);
}

/** The same for several at once; replies in the order of the requests. */
export function sendTogether(exchanges: readonly Exchange[], how: Sending): Reply[] {
  const responses = http.batch(
    exchanges.map((exchange) => ({
      method: exchange.method,
      url: how.baseUrl + exchange.path,
      body: exchange.body,
      params: paramsOf(exchange, how),
    })),
  );
  return exchanges.map((exchange, i) => replyOf(responses[i]!, exchange));
}
