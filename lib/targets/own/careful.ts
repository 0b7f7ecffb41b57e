import type { OrderState } from '../../model/operation.ts';
import type { Action, Asked, Exchange, Protocol, Reading, Reply } from '../protocol.ts';
import { failedRead, idIn, present, readSilence, wholeIn } from '../reading.ts';
import { type Answer, answerOf, type Told } from './reply.ts';

/** One thing that can be asked: how it is said, and what the replies mean that the file knows. */
export interface OwnAction {
  readonly say: (asked: Asked) => Exchange;
  /** Nothing for a reply that the file does not know: it is then classed with care. */
  readonly read: (answer: Answer, asked: Asked) => Told | undefined | null | false;
}

const changes = ['purchase', 'hold', 'pay', 'cancel'] as const;
const looks = ['availability', 'status', 'view'] as const;
export const ownKinds = [...changes, ...looks, 'resolve'] as const;
type OwnKind = (typeof ownKinds)[number];

/** What can be asked of the API; what it cannot do is left out. */
export interface OwnProtocol extends Partial<Readonly<Record<OwnKind, OwnAction>>> {
  readonly purchase: OwnAction;
}

/** Where a protocol keeps the file's own words, for the loader; the file is bundled, so the name has to do. */
export const OWN_WORDS = Symbol.for('onsale.own-protocol');

/** 4xx by which nothing was written. 408, 409, 429 and 499 may come from something in between, while the shop goes on. */
const TURNED_DOWN: readonly number[] = [400, 401, 403, 404, 405, 415, 422];
const STATES: readonly OrderState[] = ['none', 'held', 'paid', 'cancelled', 'expired'];
const REASON_LENGTH_MAX = 60;

/**
 * A protocol from the file's own words. Around each `read`: no reply at all is classed as the harness must, a reading
 * that says nothing, breaks down or says what cannot be, is taken as *may have happened* for a change, and as *told
 * nothing* for a look. So a file can be short, and can be wrong about details, but not accuse or acquit by omission.
 */
export function defineProtocol(words: OwnProtocol): Protocol {
  const actions: [string, Action][] = [];
  for (const kind of ownKinds) {
    const action = words?.[kind];
    if (action !== undefined)
      actions.push([
        kind,
        { say: action.say, read: (reply, asked) => read(kind, action, reply, asked) },
      ]);
  }
  const protocol = Object.fromEntries(actions) as unknown as Protocol;
  Object.defineProperty(protocol, OWN_WORDS, { value: words });
  return protocol;
}

const isLook = (kind: OwnKind) => (looks as readonly string[]).includes(kind);

function read(kind: OwnKind, action: OwnAction, reply: Reply, asked: Asked): Reading {
  const reading = isLook(kind)
    ? readLook(kind, action, reply, asked)
    : readChange(kind, action, reply, asked);
  // What a reply to an order's own page or payment is about goes without saying.
  if (asked.order === null || reading.order !== undefined || kind === 'purchase' || kind === 'hold')
    return reading;
  return { ...reading, order: asked.order };
}

function told(action: OwnAction, reply: Reply, asked: Asked): Told | null {
  try {
    const words = action.read(answerOf(reply), asked);
    return words && isTold(words) ? words : null;
  } catch {
    return null;
  }
}

function isTold({ outcome, reason, details }: Partial<Told>): boolean {
  const isOutcome =
    outcome === 'ok' || outcome === 'refused' || outcome === 'fail' || outcome === 'info';
  return isOutcome && typeof reason === 'string' && typeof details === 'object' && details !== null;
}

function readChange(kind: OwnKind, action: OwnAction, reply: Reply, asked: Asked): Reading {
  const { status, body, silence } = reply;
  // That nobody answered a question about a purchase says nothing about the purchase.
  if (silence !== null)
    return kind === 'resolve'
      ? { outcome: 'info', reason: silence, told: '' }
      : readSilence(silence);
  const words = told(action, reply, asked);
  if (words !== null) return readingOf(words, body);
  if (kind !== 'resolve' && TURNED_DOWN.includes(status))
    return { outcome: 'fail', reason: 'client-error', told: body };
  const reason = status >= 200 && status < 300 ? 'unreadable-reply' : `http-${status}`;
  return { outcome: 'info', reason, told: body };
}

function readLook(kind: OwnKind, action: OwnAction, reply: Reply, asked: Asked): Reading {
  if (reply.silence !== null) return failedRead(reply);
  const words = told(action, reply, asked);
  if (words === null) return failedRead(reply);
  const reading = readingOf(words, reply.body);
  // A look changes nothing, so it happened or told nothing.
  if (reading.outcome !== 'ok') return { ...reading, outcome: 'fail' };
  const isMute =
    (kind === 'availability' && reading.value === undefined) ||
    (kind === 'status' && reading.state === undefined);
  return isMute ? failedRead({ ...reply, status: 200 }) : reading;
}

function readingOf({ outcome, reason, details }: Told, body: string): Reading {
  if (outcome === 'ok') return { outcome, reason: '', told: '', ...detailsOf(details) };
  return {
    outcome,
    reason: reason.slice(0, REASON_LENGTH_MAX) || 'other',
    told: body,
    ...detailsOf(details),
  };
}

function detailsOf({ order, seat, value, state, expiresAt, amount, mayLag }: Told['details']) {
  const paid = wholeIn(amount);
  return present({
    order: idIn(order),
    seat: idIn(seat),
    value: wholeIn(value),
    state: STATES.find((each) => each === state),
    expiresAt: typeof expiresAt === 'number' && Number.isFinite(expiresAt) ? expiresAt : undefined,
    amount: paid !== undefined && paid >= 0 ? paid : undefined,
    mayLag: mayLag === true ? (true as const) : undefined,
  });
}
