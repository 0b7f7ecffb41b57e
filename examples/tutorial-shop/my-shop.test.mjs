// Run with: node --test my-shop.test.mjs
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { loadTarget, reading } from '../../bin/testing.mjs';

const { protocol } = await loadTarget(new URL('my-shop.ts', import.meta.url));

// What a reply to a purchase means. Add a line for every reply that your API knows.
const replies = [
  ['sold', 200, { ok: true, ticket: 17 }, { outcome: 'ok', reason: '', order: '17' }],
  ['not enough left', 200, { ok: false, why: 'gone' }, { outcome: 'refused', reason: 'sold-out' }],
  ['too many', 200, { ok: false, why: 'greedy' }, { outcome: 'refused', reason: 'limit-reached' }],
  ['no sense', 400, { ok: false, why: 'malformed' }, { outcome: 'fail', reason: 'client-error' }],
  ['too busy', 503, { ok: false, why: 'later' }, { outcome: 'fail', reason: 'busy' }],
  // What nobody has told us may have happened.
  ['a gateway', 503, '<h1>Busy</h1>', { outcome: 'info', reason: 'http-503' }],
  ['a crash', 500, '', { outcome: 'info', reason: 'http-500' }],
  ['half a reply', 200, '{"ok":', { outcome: 'info', reason: 'unreadable-reply' }],
];
for (const [what, status, body, meaning] of replies)
  test(`a purchase: ${what}`, () => {
    deepEqual(reading(protocol.purchase, { status, body }), meaning);
  });

for (const [silence, outcome] of [
  ['connection-refused', 'fail'],
  ['connection-reset', 'info'],
  ['timeout', 'info'],
])
  test(`a purchase: ${silence}`, () => {
    deepEqual(reading(protocol.purchase, { silence }), { outcome, reason: silence });
  });

test('what is left', () => {
  const { availability } = protocol;
  const left = { outcome: 'ok', reason: '', value: 3 };
  deepEqual(reading(availability, { status: 200, body: { id: 1, left: 3 } }), left);
  const none = { outcome: 'fail', reason: 'http-404' };
  deepEqual(reading(availability, { status: 404, body: { why: 'unknown' } }), none);
});
