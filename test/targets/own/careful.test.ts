import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../lib/model/operation.ts';
import {
  type Answer,
  at,
  defineProtocol,
  failed,
  get,
  ok,
  post,
  refused,
  soldOut,
  type Told,
  unclear,
} from '../../../lib/targets/own/module.ts';
import { nobodyAsking } from '../../../lib/targets/own/target.ts';
import type { Reply } from '../../../lib/targets/protocol.ts';

type Kind = 'purchase' | 'hold' | 'pay' | 'cancel' | 'availability' | 'status' | 'view' | 'resolve';
const asked = nobodyAsking({});

/** What an action of that kind makes of a reply, read by the given words. */
function reading(kind: Kind, reply: Partial<Reply>, read: (answer: Answer) => unknown) {
  const action = { say: () => get('/'), read: read as (answer: Answer) => Told };
  const protocol = defineProtocol({ purchase: action, [kind]: action });
  return protocol[kind]!.read({ status: 200, body: '', silence: null, ...reply }, asked);
}

const silent = () => undefined;

describe('a reply to a change that the file says nothing about', () => {
  test.each<[number, Outcome, string]>([
    [200, 'info', 'unreadable-reply'],
    [201, 'info', 'unreadable-reply'],
    [302, 'info', 'http-302'],
    [400, 'fail', 'client-error'],
    [401, 'fail', 'client-error'],
    [403, 'fail', 'client-error'],
    [404, 'fail', 'client-error'],
    [405, 'fail', 'client-error'],
    [408, 'info', 'http-408'],
    [409, 'info', 'http-409'],
    [415, 'fail', 'client-error'],
    [422, 'fail', 'client-error'],
    [429, 'info', 'http-429'],
    [499, 'info', 'http-499'],
    [500, 'info', 'http-500'],
    [503, 'info', 'http-503'],
  ])('%i is %s (%s)', (status, outcome, reason) => {
    for (const kind of ['purchase', 'hold', 'pay', 'cancel'] as const)
      expect(reading(kind, { status, body: 'x' }, silent)).toMatchObject({ outcome, reason });
  });

  test.each<[NonNullable<Reply['silence']>, Outcome]>([
    ['connection-refused', 'fail'],
    ['connection-reset', 'info'],
    ['timeout', 'info'],
  ])('%s is %s, whatever the file says', (silence, outcome) => {
    expect(reading('purchase', { status: 0, silence }, () => ok())).toMatchObject({ outcome });
  });
});

test('a question about a purchase that nobody answers leaves it open', () => {
  for (const silence of ['connection-refused', 'timeout'] as const)
    expect(reading('resolve', { status: 0, silence }, () => ok())).toMatchObject({
      outcome: 'info',
    });
  expect(reading('resolve', { status: 404 }, silent)).toMatchObject({ outcome: 'info' });
});

describe('a look', () => {
  test('without what it was for has told nothing', () => {
    const nothing = { outcome: 'fail', reason: 'unreadable-reply' };
    expect(reading('availability', {}, () => ok({ value: '3' }))).toMatchObject(nothing);
    expect(reading('status', {}, () => ok({ state: 'sold' }))).toMatchObject(nothing);
    expect(reading('view', {}, () => ok())).toMatchObject({ outcome: 'ok' });
    expect(reading('view', { status: 500 }, silent)).toMatchObject({
      outcome: 'fail',
      reason: 'http-500',
    });
  });

  test('changes nothing, so it never leaves anything open', () => {
    expect(reading('view', {}, () => unclear('odd'))).toMatchObject({ outcome: 'fail' });
    expect(reading('availability', { silence: 'timeout' }, () => ok())).toMatchObject({
      outcome: 'fail',
    });
  });
});

describe('what the file says', () => {
  test('goes through, with ids as texts', () => {
    const body = '{"ticket":17,"seat":4}';
    const words = ({ content }: Answer) => ok({ order: content.ticket, seat: content.seat });
    expect(reading('purchase', { body }, words)).toEqual({
      ...{ outcome: 'ok', reason: '', told: '', order: '17', seat: '4' },
    });
    const told = { told: body };
    expect(reading('purchase', { body }, soldOut)).toEqual({
      ...{ outcome: 'refused', reason: 'sold-out', ...told },
    });
    expect(reading('purchase', { body }, () => refused('no-credit'))).toMatchObject(told);
    expect(reading('purchase', { body }, () => failed('busy'))).toMatchObject({ outcome: 'fail' });
  });

  test('about an order goes with its name', () => {
    expect(reading('pay', {}, () => ok())).toMatchObject({ order: '1' });
    expect(reading('pay', {}, () => ok({ order: 2 }))).toMatchObject({ order: '2' });
    expect(reading('purchase', {}, () => ok())).not.toHaveProperty('order');
  });

  test.each<[string, () => unknown]>([
    ['throws', () => JSON.parse('{')],
    ['gives a text', () => 'ok'],
    ['gives an outcome that there is not', () => ({ outcome: 'yes', reason: '', details: {} })],
    ['gives no details', () => ({ outcome: 'ok', reason: '' })],
  ])('that %s leaves a purchase open', (_, words) => {
    expect(reading('purchase', {}, words)).toMatchObject({ outcome: 'info' });
    expect(reading('view', {}, words)).toMatchObject({ outcome: 'fail' });
  });

  test('has room in the format, whatever it is', () => {
    const anything = fc.record({
      outcome: fc.constantFrom('ok', 'refused', 'fail', 'info'),
      reason: fc.string({ maxLength: 100 }),
      details: fc.dictionary(
        fc.constantFrom('order', 'seat', 'value', 'state', 'expiresAt', 'amount', 'mayLag', 'x'),
        fc.anything(),
      ),
    });
    fc.assert(
      fc.property(anything, fc.string(), (words, body) => {
        const { outcome, reason, order, value, amount } = reading(
          'purchase',
          { body },
          () => words,
        );
        expect(outcome).toBe(words.outcome);
        expect(reason.length).toBeLessThanOrEqual(60);
        expect(reason === '').toBe(outcome === 'ok');
        if (order !== undefined) expect(order).toMatch(/^[\s\S]{1,200}$/);
        if (value !== undefined) expect(Number.isSafeInteger(value)).toBe(true);
        if (amount !== undefined) expect(amount).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('an answer', () => {
  const told = (body: string) => {
    let answer: Answer | undefined;
    reading('purchase', { body }, (one) => {
      answer = one;
    });
    return { content: answer!.content, json: answer!.json };
  };

  test('of any kind has a content that can be asked', () => {
    expect(told('{"a":1}')).toEqual({ content: { a: 1 }, json: { a: 1 } });
    expect(told('[1]')).toEqual({ content: {}, json: [1] });
    expect(told('null')).toEqual({ content: {}, json: null });
    expect(told('<html>')).toEqual({ content: {}, json: undefined });
    expect(told(`"${'x'.repeat(2_000_000)}"`)).toEqual({ content: {}, json: undefined });
  });

  test('can be gone through without a look at every step', () => {
    const json = { shows: [{ left: 3 }] };
    expect(at(json, 'shows', 0, 'left')).toBe(3);
    expect(at(json, 'shows', 1, 'left')).toBeUndefined();
    expect(at(json, 'constructor')).toBeUndefined();
    expect(at(null, 'a')).toBeUndefined();
  });
});

test('requests bear their body as JSON, or none', () => {
  expect(post('/buy', { n: 1 }, { 'X-Key': 'k' })).toEqual({
    method: 'POST',
    path: '/buy',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-Key': 'k' },
    body: '{"n":1}',
  });
  expect(get('/x')).toMatchObject({ method: 'GET', body: null });
});
