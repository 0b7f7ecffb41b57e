import type { Action, Asked, Exchange, Protocol, Reading, Reply } from '../protocol.ts';
import { failedRead, idIn, parsedObject, present, readSilence, wholeIn } from '../reading.ts';

/** An order of 1,000 units names each of them by an id of 36 characters. */
const ORDER_LENGTH_MAX = 100_000;

/** What is looked at of a body; a page of a framework is shorter, and a hostile one may be very long. */
const TEXT_LENGTH_MAX = 2000;

/** Only free text tells stock from credit, and each team has its own. */
interface Wording {
  readonly stock: RegExp;
  readonly credit: RegExp;
}

const MONEY = '(credits?|funds?|balance|money)';

/** That there is too little of it. A text that only names a service, such as one about an outage, says no such thing. */
const lackOf = (what: string): string =>
  `\\b(out of|not enough|insufficient|too little)\\b.{0,20}\\b${what}\\b|` +
  `\\b${what}\\b.{0,30}\\b(insufficient|not enough|below zero|too low)\\b`;

const LACKING: Wording = {
  stock: new RegExp(`${lackOf('stock')}|sold[ -]?out`, 'i'),
  credit: new RegExp(lackOf(MONEY), 'i'),
};
/** In the old form every 4xx means that the order was turned down, so a word is enough to tell why. */
const NAMED: Wording = {
  stock: /\bstock\b|sold[ -]?out/i,
  credit: new RegExp(`\\b${MONEY}\\b`, 'i'),
};
/** The order itself is what is not found, none of what is in it; nothing was asked of anybody yet. */
const NO_ORDER =
  /\border\b((?!\b(item|user|stock|payment)s?\b)[^.!<])*\b(not found|does not exist|unknown)/i;

/** Turned down by its address, its method or its form: nobody has looked at stock or money. 412 is an unknown order. */
const CLIENT_ERRORS: readonly number[] = [401, 403, 404, 405, 410, 412, 413, 414, 415, 422];
/** An intermediary may have sent them while the shop went on; and 409 may be about another checkout of the order. */
const UNDECIDED: readonly number[] = [408, 409, 425, 429, 499];

function say(method: Exchange['method'], path: string): Exchange {
  return { method, path, headers: {}, body: null };
}

/** What a text says the order was turned down for. Whoever has both too little stock and credit is sold out. */
function refusalIn(body: string, { stock, credit }: Wording): 'sold-out' | 'no-credit' | null {
  if (stock.test(body)) return 'sold-out';
  return credit.test(body) ? 'no-credit' : null;
}

/** Success and failure go by hundreds. All turn a checkout down by a 4xx; those of 2024 hide outages in it, too. */
function readCheckout(reply: Reply, { data }: Asked): Reading {
  const { status, silence } = reply;
  const body = reply.body.slice(0, TEXT_LENGTH_MAX);
  if (silence !== null) return readSilence(silence);
  if (status >= 200 && status < 300) return { outcome: 'ok', reason: '', told: '' };
  if (status < 400 || status >= 500)
    return { outcome: 'info', reason: `http-${status}`, told: body };
  return data.generation === '2024' ? read2024(status, body) : read2021(status, body, data);
}

/** Only what names stock or credit is a refusal: other texts of a 400 may come after money has moved. */
function read2024(status: number, body: string): Reading {
  const reason = status === 400 ? refusalIn(body, LACKING) : null;
  if (reason !== null) return { outcome: 'refused', reason, told: body };
  const isUnasked = CLIENT_ERRORS.includes(status) || (status === 400 && NO_ORDER.test(body));
  return isUnasked
    ? { outcome: 'fail', reason: 'client-error', told: body }
    : { outcome: 'info', reason: `http-${status}`, told: body };
}

function read2021(status: number, body: string, data: Asked['data']): Reading {
  if (UNDECIDED.includes(status)) return { outcome: 'info', reason: `http-${status}`, told: body };
  const told = refusalIn(body, NAMED);
  if (told !== null) return { outcome: 'refused', reason: told, told: body };
  if (CLIENT_ERRORS.includes(status) || NO_ORDER.test(body))
    return { outcome: 'fail', reason: 'client-error', told: body };
  if (status === 406) return { outcome: 'refused', reason: 'no-credit', told: body };
  // Provisioning has seen to it that nobody lacks money: what is left is stock.
  const reason = data.assume === 'sold-out' ? 'sold-out' : 'refused';
  return { outcome: 'refused', reason, told: body };
}

/** Reads may come from a process that has not looked again since it last wrote; see `readsOf`. */
const lagging = ({ data }: Asked): { mayLag?: true } =>
  data.reads === 'lag' ? { mayLag: true } : {};

const findItem = ({ pool }: Asked): Exchange => say('GET', `/stock/find/${pool.id}`);

function stockIn({ status, body }: Reply): number | undefined {
  return status === 200 ? wholeIn(parsedObject(body)?.stock) : undefined;
}

function readAvailability(reply: Reply, asked: Asked): Reading {
  const value = stockIn(reply);
  if (value === undefined) return failedRead(reply);
  return { outcome: 'ok', reason: '', told: '', value, ...lagging(asked) };
}

/** An order that is not paid holds nothing and may be checked out again: as a purchase it is not there. */
function readStatus(reply: Reply, asked: Asked): Reading {
  const order = present({ order: idIn(orderOf(asked)) });
  const paid = reply.status === 200 ? parsedObject(reply.body, ORDER_LENGTH_MAX)?.paid : undefined;
  if (typeof paid !== 'boolean') return { ...failedRead(reply), ...order };
  const state = paid ? 'paid' : 'none';
  return { outcome: 'ok', reason: '', told: '', state, ...order, ...lagging(asked) };
}

/** Provisioning has made every intent's order; without it there is nothing to ask for. */
const orderOf = ({ buyer }: Asked): string => buyer.order ?? '';

const purchase: Action = {
  say: (asked) => say('POST', `/orders/checkout/${orderOf(asked)}`),
  read: (reply, asked) => {
    const reading = readCheckout(reply, asked);
    return reading.outcome === 'ok' ? { ...reading, order: orderOf(asked) } : reading;
  },
};

/** The shopping cart: everything is in the address, bodies are empty, and what is measured is the checkout alone. */
export const protocol: Protocol = {
  purchase,
  availability: { say: findItem, read: readAvailability },
  status: { say: (asked) => say('GET', `/orders/find/${orderOf(asked)}`), read: readStatus },
  view: {
    say: findItem,
    read: (reply) =>
      stockIn(reply) === undefined ? failedRead(reply) : { outcome: 'ok', reason: '', told: '' },
  },
};
