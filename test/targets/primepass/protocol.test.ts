import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { protocol } from '../../../lib/targets/primepass/protocol.ts';
import type { Asked, Reply } from '../../../lib/targets/protocol.ts';

const HTML = '<!doctype html>\n<title>500 Internal Server Error</title>';

const asked: Asked = {
  buyer: { id: '00000000-0000-0000-0000-000000000001' },
  pool: { id: '7', name: 'Standard', capacity: 300, remaining: 300 },
  intent: { key: 'onsale-r-0', pool: 0, quantity: 2, offsetMs: 0 },
  secret: '',
  data: {},
  order: null,
  seat: null,
};

function read(status: number, body: string) {
  return protocol.purchase.read({ status, body, silence: null }, asked);
}

test('a purchase names user, ticket and quantity, and asks for JSON', () => {
  const exchange = protocol.purchase.say(asked);
  expect(exchange.method).toBe('POST');
  expect(exchange.path).toBe('/api/purchase');
  expect(exchange.headers['Content-Type']).toBe('application/json');
  expect(JSON.parse(exchange.body!)).toEqual({
    user_id: '00000000-0000-0000-0000-000000000001',
    ticket_id: 7,
    quantity: 2,
  });
});

describe('replies of the contract', () => {
  test.each([
    ['enough left', 200, '{"status":"success"}', 'ok', ''],
    ['enough left, indented', 200, '{\n  "status": "success"\n}\n', 'ok', ''],
    ['fewer left', 400, '{"error":"Tickets unavailable or sold out"}', 'refused', 'sold-out'],
    ['sold out in capitals', 400, '{"error":"SOLD OUT"}', 'refused', 'sold-out'],
    ['missing field', 400, '{"error":"Missing or invalid fields"}', 'fail', 'client-error'],
    ['not JSON content type', 400, '{"error":"JSON required"}', 'fail', 'client-error'],
    ['broken JSON', 400, '<!doctype html>\n<h1>Bad Request</h1>', 'fail', 'client-error'],
    ['quantity as string, null or array', 500, HTML, 'info', 'http-500'],
    [
      'bad uuid, unknown user, fractions',
      500,
      '{"error":"Transaction failed: invalid input syntax for type uuid"}',
      'fail',
      'transaction-failed',
    ],
    [
      'database error after the update',
      500,
      '{"error":"Transaction failed: could not serialize access"}',
      'fail',
      'transaction-failed',
    ],
    ['wrong method', 405, HTML, 'fail', 'client-error'],
  ])('%s', (_, status, body, outcome, reason) => {
    expect(read(status, body)).toMatchObject({ outcome, reason });
  });

  test.each([
    ['timeout', 'info'],
    ['connection-reset', 'info'],
    ['connection-refused', 'fail'],
  ] as const)('no reply: %s is %s', (silence, outcome) => {
    const reply: Reply = { status: 0, body: '', silence };
    expect(protocol.purchase.read(reply, asked)).toEqual({ outcome, reason: silence, told: '' });
  });
});

describe('200 that does not say success is a sale nobody can be sure of', () => {
  test.each([
    '',
    HTML,
    'success',
    '"success"',
    'null',
    '[{"status":"success"}]',
    '{"status":"SUCCESS"}',
    '{"status":["success"]}',
    '{"status":"pending"}',
    '{"status":"success"',
    '{"status":"success"} {"status":"success"}',
    '{"__proto__":{"status":"success"}}',
    `{"status":"success","padding":"${'x'.repeat(5000)}"}`,
  ])('%j', (body) => {
    expect(read(200, body)).toEqual({ outcome: 'info', reason: 'unreadable-reply', told: body });
  });
});

describe('statuses outside the contract', () => {
  test.each([401, 403, 404, 415, 422])('%i turned it down: fail', (status) => {
    expect(read(status, '')).toMatchObject({ outcome: 'fail', reason: 'client-error' });
  });

  test.each([
    0, 100, 201, 202, 204, 301, 302, 303, 307, 308, 408, 409, 425, 429, 499, 501, 502, 503, 504,
    520, 599,
  ])('%i proves nothing: info', (status) => {
    expect(read(status, '{"status":"success","error":"sold out"}')).toMatchObject({
      outcome: 'info',
      reason: `http-${status}`,
    });
  });

  test.each([
    'server closed the connection unexpectedly',
    'SSL SYSCALL error: EOF detected',
    'consuming input failed: could not receive data from server: Operation timed out',
    'the shop does not say',
  ])('500 whose transaction may have been lost in its commit is info: %s', (text) => {
    const lost = `Transaction failed: ${text}`;
    const reading = read(500, JSON.stringify({ error: lost }));
    expect(reading).toEqual({ outcome: 'info', reason: 'http-500', told: lost });
  });

  test('a failed transaction is only believed as a 500 with JSON', () => {
    expect(read(503, '{"error":"Transaction failed: x"}').outcome).toBe('info');
    expect(read(500, 'Transaction failed: x').outcome).toBe('info');
    expect(read(500, '{"message":"Transaction failed: x"}').outcome).toBe('info');
  });
});

describe('sold out is told by the JSON error of a 400 and nothing else', () => {
  test.each([
    [400, '<h1>sold out</h1>', 'fail'],
    [400, '{"message":"sold out"}', 'fail'],
    [400, '{"error":["sold out"]}', 'fail'],
    [400, '"sold out"', 'fail'],
    [404, '{"error":"sold out"}', 'fail'],
    [409, '{"error":"sold out"}', 'info'],
    [500, '{"error":"sold out"}', 'info'],
    [200, '{"error":"sold out"}', 'info'],
  ])('%i %s is %s', (status, body, outcome) => {
    expect(read(status, body).outcome).toBe(outcome);
  });

  test('what was told is the error text', () => {
    expect(read(400, '{"error":"Tickets Sold Out!"}').told).toBe('Tickets Sold Out!');
    expect(read(400, '{"error":"Missing or invalid fields"}').told).toBe(
      'Missing or invalid fields',
    );
  });
});

test('10 MB are not parsed, whatever they say', () => {
  const padding = ' '.repeat(10_000_000);
  expect(read(200, `${padding}{"status":"success"}`).outcome).toBe('info');
  expect(read(400, `${padding}{"error":"sold out"}`).outcome).toBe('fail');
});

test('nothing but the reading of replies is imported at run time, because it runs inside k6', () => {
  const importsOf = (name: string) => {
    const file = new URL(`../../../lib/targets/${name}`, import.meta.url);
    const lines = readFileSync(file, 'utf8').match(/^import [^;]*;$/gm) ?? [];
    return lines.filter((line) => !line.startsWith('import type '));
  };
  const own = importsOf('primepass/protocol.ts');
  expect(own.map((line) => /from '(.*)'/.exec(line)![1])).toEqual(['../reading.ts']);
  expect(importsOf('reading.ts')).toEqual([]);
});
