import http from 'k6/http';
import type { Exchange, Reply } from '../../lib/targets/protocol.ts';
import { silenceOf } from './silence.ts';

/**
 * Sends one request and waits for the whole reply. Redirects are not followed: they could lead the load to a host that
 * nobody allowed. Never throws on what the target does.
 */
export function send(asked: {
  readonly baseUrl: string;
  readonly exchange: Exchange;
  readonly timeoutMs: number;
  /** Constant, or every URL becomes a time series of its own and k6's memory grows without bound. */
  readonly name: string;
}): Reply {
  const { exchange } = asked;
  const response = http.request(exchange.method, asked.baseUrl + exchange.path, exchange.body, {
    headers: exchange.headers,
    timeout: asked.timeoutMs,
    redirects: 0,
    responseType: 'text',
    tags: { name: asked.name },
  });
  // k6 gives a status only to replies that it could read to their end.
  if (response.status === 0) {
    return { status: 0, body: '', silence: silenceOf(response.error_code, exchange) };
  }
  return { status: response.status, body: (response.body as string | null) ?? '', silence: null };
}
