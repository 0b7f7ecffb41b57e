import type { Exchange, Reply } from '../../lib/targets/protocol.ts';

/**
 * k6's error codes that prove that no byte of the request was sent: no address (1100, 1101), no connection (1210 to
 * 1213), address or host blocked by k6 (1110, 1111), URL not understood (1020), the other side's certificate not
 * accepted (1310, 1311). Everything else may have happened after the request had left.
 */
const UNSENT = [1020, 1100, 1101, 1110, 1111, 1210, 1211, 1212, 1213, 1310, 1311];
const TIMEOUT = 1050;

/**
 * Go sends a request again by itself, when a kept connection breaks before the reply, if the method is idempotent or
 * a header says so. The error is then that of the last attempt, and tells nothing about the first.
 */
function isSentAgainByGo(exchange: Exchange): boolean {
  if (exchange.method === 'GET') return true;
  return Object.keys(exchange.headers).some((name) => /^(x-)?idempotency-key$/i.test(name));
}

/** Why there was no reply, from k6's error code. When in doubt the request counts as sent. */
export function silenceOf(errorCode: number, exchange: Exchange): Exclude<Reply['silence'], null> {
  if (errorCode === TIMEOUT) return 'timeout';
  if (UNSENT.includes(errorCode) && !isSentAgainByGo(exchange)) return 'connection-refused';
  return 'connection-reset';
}
