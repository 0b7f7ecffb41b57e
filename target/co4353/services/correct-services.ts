import { authService } from './auth.ts';
import { eventHandlers, eventService } from './events.ts';
import { expirationHandlers } from './expiration.ts';
import { orderHandlers, orderService } from './orders.ts';
import { paymentHandlers, paymentService } from './payments.ts';
import type { Parts, Services } from './services.ts';

/** That of the original's broker. */
const ACK_WAIT_MS = 5000;

/** The services without a flaw. */
export function correctServices({ pool, messagePool, holdMs }: Parts): Services {
  return {
    auth: authService(pool),
    events: eventService(pool),
    orders: orderService(pool, holdMs),
    payments: paymentService(pool),
    handlers: {
      events: eventHandlers(messagePool),
      orders: orderHandlers(messagePool),
      payments: paymentHandlers(messagePool),
      expiration: expirationHandlers(messagePool),
    },
    ackWaitMs: ACK_WAIT_MS,
  };
}
