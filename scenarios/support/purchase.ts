import type { Protocol, Reading, Reply } from '../../lib/targets/protocol.ts';
import type { Act, Order } from './arrivals.ts';
import { send } from './send.ts';
import { settings } from './settings.ts';

/**
 * What a reply means. A protocol that stumbles over a reply has not understood it, so whatever was asked for may have
 * happened; its own words stay out of the log, where text of the target could pose as an operation.
 */
function read(protocol: Protocol, reply: Reply): Reading {
  try {
    return protocol.readPurchase(reply);
  } catch {
    return { outcome: 'info', reason: 'unreadable-reply', told: reply.body };
  }
}

/** Gets one purchase ready to be sent. */
export function purchase(protocol: Protocol, order: Order): Act {
  const exchange = protocol.purchase(order);
  return () => {
    const reply = send({
      baseUrl: settings.url,
      exchange,
      timeoutMs: settings.timeoutMs,
      name: 'purchase',
    });
    const { outcome, reason, told } = read(protocol, reply);
    return { kind: 'purchase', outcome, status: reply.status, reason, reply: told };
  };
}
