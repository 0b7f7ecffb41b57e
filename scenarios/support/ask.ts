import { sleep } from 'k6';
import { Counter } from 'k6/metrics';
import type { OperationKind } from '../../lib/model/operation.ts';
import type { Action, Asked, Protocol, Reading, Reply } from '../../lib/targets/protocol.ts';
import { hasDetails, record } from './record.ts';
import { send, sendTogether } from './send.ts';
import { settings } from './settings.ts';
import { drawsOf } from './visit.ts';

/** One who asks: the virtual user's number, and what it wants. */
export interface Visitor extends Asked {
  readonly session: number;
}

const begun = new Counter('onsale_begun');
const asides = new Counter('onsale_asides');

/** An unanswered purchase is asked about so often at most; the pause before the second time, doubled before the next. */
const RESOLVE_TRIES_MAX = 3;
const RESOLVE_PAUSE_SECONDS = 2;
/** Those whose time ran out at one moment do not ask at one moment: before the first time each waits up to this long. */
const RESOLVE_SPREAD_SECONDS = 2;

/**
 * What a reply means. A protocol that stumbles over a reply has not understood it, so whatever was asked for may have
 * happened; its own words stay out of the log, where text of the target could pose as an operation.
 */
function read(action: Action, reply: Reply, asked: Asked): Reading {
  try {
    return action.read(reply, asked);
  } catch {
    return { outcome: 'info', reason: 'unreadable-reply', told: reply.body };
  }
}

function sent(kind: string, exchange: ReturnType<Action['say']>): Reply {
  return send({ baseUrl: settings.url, exchange, timeoutMs: settings.timeoutMs, name: kind });
}

/**
 * What became of a purchase nobody answered, where the API can be asked; its last reading otherwise. Only a target that
 * answers and does not know yet is asked again: one that leaves this unanswered, too, is too busy for more of it, and
 * the final state will tell.
 */
function resolved(protocol: Protocol, asked: Asked, unanswered: Reading): Reading {
  const { resolve } = protocol;
  if (resolve === undefined) return unanswered;
  sleep(drawsOf(asked)() * RESOLVE_SPREAD_SECONDS);
  for (let tries = 0; tries < RESOLVE_TRIES_MAX; tries++) {
    if (tries > 0) sleep(RESOLVE_PAUSE_SECONDS * 2 ** (tries - 1));
    asides.add(1);
    const reply = sent('resolve', resolve.say(asked));
    const reading = read(resolve, reply, asked);
    if (reading.outcome !== 'info') return reading;
    if (reply.silence !== null || reply.status >= 500) break;
  }
  return unanswered;
}

/** Whether the API knows how to be asked so. */
export function canAsk(protocol: Protocol, kind: OperationKind): boolean {
  return protocol[kind] !== undefined;
}

/**
 * Gets one request ready; the function returned sends it, records the operation and gives back what the reply means. A
 * scenario asks only for what it needs of its target, which the runner has compared with what the target can do.
 */
export function asking(protocol: Protocol, kind: OperationKind, visitor: Visitor): () => Reading {
  const action = protocol[kind];
  if (action === undefined) throw new Error(`the target knows no ${kind}`);
  const exchange = action.say(visitor);
  return () => {
    begun.add(1);
    const start = Date.now();
    const reply = sent(kind, exchange);
    let reading = read(action, reply, visitor);
    if (kind === 'purchase' && reading.outcome === 'info')
      reading = resolved(protocol, visitor, reading);
    const end = Date.now();
    if (settings.record) note(visitor, { kind, start, end }, reply, reading);
    return reading;
  };
}

/**
 * The same request twice at the same moment. A session's operations never overlap, so the second is told as that of a
 * twin, a session number that no virtual user has.
 */
export function askingTwice(protocol: Protocol, kind: OperationKind, visitor: Visitor): () => void {
  const action = protocol[kind];
  if (action === undefined) throw new Error(`the target knows no ${kind}`);
  const exchange = action.say(visitor);
  return () => {
    begun.add(2);
    const start = Date.now();
    const replies = sendTogether([exchange, exchange], {
      baseUrl: settings.url,
      timeoutMs: settings.timeoutMs,
      name: kind,
    });
    const end = Date.now();
    if (!settings.record) return;
    replies.forEach((reply, twin) => {
      const session = visitor.session + twin * TWIN;
      const reading = read(action, reply, visitor);
      note({ ...visitor, session }, { kind, start, end }, reply, reading);
    });
  };
}

/** More than k6 can have of virtual users. */
const TWIN = 1_000_000_000;

/** What is recorded of it. Objects are dear in k6: one is spread only where a reply tells more than how it ended. */
function note(
  visitor: Visitor,
  asked: { readonly kind: OperationKind; readonly start: number; readonly end: number },
  { status }: Reply,
  reading: Reading,
): void {
  const { kind, start, end } = asked;
  const { intent } = visitor;
  // A read asks for no tickets, which is written as one.
  const isRead = kind === 'availability' || kind === 'status' || kind === 'view';
  const quantity = isRead ? 1 : intent.quantity;
  const { outcome, reason, told: reply } = reading;
  record(
    { session: visitor.session, intent: intent.key, pool: visitor.pool.id, quantity, start, end },
    hasDetails(reading)
      ? { ...reading, kind, status, reply }
      : { kind, outcome, status, reason, reply },
  );
}
