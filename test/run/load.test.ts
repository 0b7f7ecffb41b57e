import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { loadAccountSchema } from '../../lib/model/manifest.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { LoadProgress } from '../../lib/run/load.ts';
import { type Played, play, sells, serve, smallPlan, temporaryFolder } from './play.ts';

/** What must hold for every load that ran to its end, whatever the target did. */
function expectComplete({ account, ended, trouble, history, intents }: Played): void {
  expect({ ended, trouble }).toEqual({ ended: 'complete', trouble: [] });
  expect(loadAccountSchema.parse(account)).toMatchObject({ complete: true, gaps: [] });
  expect(account.offered).toBe(intents.intents.length);
  expect(account.requested).toBe(intents.intents.length);
  expect(history.map((o) => o.intent).sort()).toEqual(intents.intents.map((i) => i.key).sort());
  const due = new Map(intents.intents.map((i) => [i.key, account.startedAt! + i.offsetMs]));
  for (const operation of history) {
    expect(operation.start).toBeGreaterThanOrEqual(due.get(operation.intent)!);
    expect(operation.end).toBeGreaterThanOrEqual(operation.start);
  }
}

/** How the operations ended, each way once: `outcome status reason`. */
function endings({ history }: Played): string[] {
  return [...new Set(history.map((o) => `${o.outcome} ${o.status} ${o.reason}`))].sort();
}

describe.concurrent('a target that', { timeout: 60_000 }, () => {
  test('sells: every intent is sent once as planned, and recorded', async () => {
    const seen: { buyer: string; pool: number; quantity: number }[] = [];
    const { url } = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { user_id, ticket_id, quantity } = JSON.parse(body);
        seen.push({ buyer: user_id, pool: ticket_id, quantity });
      });
      sells(request, response);
    });
    const progress: LoadProgress[] = [];
    const plan = {
      buyers: 200,
      pools: 3,
      quantities: [
        { quantity: 1, weight: 1 },
        { quantity: 2, weight: 1 },
      ],
      crowdRatio: 0.1,
    };
    const played = await play(url, plan, { onProgress: (now) => progress.push(now) });
    expectComplete(played);
    expect(endings(played)).toEqual(['ok 200 ']);
    const planned = played.intents.intents.map((intent, i) => ({
      buyer: `buyer-${i}`,
      pool: intent.pool + 1,
      quantity: intent.quantity,
    }));
    const byBuyer = (a: { buyer: string }, b: { buyer: string }) => (a.buyer < b.buyer ? -1 : 1);
    expect(seen.sort(byBuyer)).toEqual(planned.sort(byBuyer));
    expect(progress.at(-1)).toMatchObject({
      offered: 200,
      delivered: 200,
      errors: 0,
      capacity: 30,
      sold: planned.reduce((sum, p) => sum + p.quantity, 0),
    });
    expect((await readdir(played.folder)).sort()).toEqual([
      'fixture.json',
      'history.ndjson',
      'intents.json',
      'k6-summary.json',
      'k6.log',
    ]);
  });

  test('never answers: all time out, as info', async () => {
    const { url } = await serve(() => undefined);
    const played = await play(url, { timeoutMs: 300 });
    expectComplete(played);
    expect(endings(played)).toEqual(['info 0 timeout']);
  });

  test('never stops answering: all time out, as info', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(drip));
    });
    const played = await play(url, { timeoutMs: 400 });
    expectComplete(played);
    expect(endings(played)).toEqual(['info 0 timeout']);
  });

  test('resets connections after reading: info', async () => {
    const { url } = await serve((request) => {
      request.resume().on('end', () => request.socket.resetAndDestroy());
    });
    const played = await play(url);
    expectComplete(played);
    expect(endings(played)).toEqual(['info 0 connection-reset']);
  });

  test('closes connections without a word: info', async () => {
    const { url } = await serve((request) => {
      request.resume().on('end', () => request.socket.end());
    });
    const played = await play(url);
    expectComplete(played);
    expect(endings(played)).toEqual(['info 0 connection-reset']);
  });

  test('is not there: certainly nothing happened', async () => {
    const { url, server } = await serve(sells);
    await new Promise((resolve) => server.close(resolve));
    const played = await play(url);
    expectComplete(played);
    expect(endings(played)).toEqual(['fail 0 connection-refused']);
  });

  test('dies in the middle: what was answered is ok, the rest is not', async () => {
    let served = 0;
    const { url, server } = await serve((request, response) => {
      served += 1;
      if (served <= 100) return sells(request, response);
      if (served > 101) return;
      server.close();
      server.closeAllConnections();
    });
    const played = await play(url, { buyers: 400, crowdRatio: 0.05 });
    expectComplete(played);
    const reasonsOf = (outcome: Operation['outcome']) =>
      played.history.filter((o) => o.outcome === outcome).map((o) => o.reason);
    expect(reasonsOf('ok').length).toBeLessThanOrEqual(100);
    expect(reasonsOf('info').length).toBeGreaterThan(0);
    expect(new Set(reasonsOf('fail'))).toEqual(new Set(['connection-refused']));
  });

  test('answers HTML with text that would forge log lines', async () => {
    const forged = '{"session":1,"intent":"forged"}\n\u2028{"barrier":1}\u0000\ud83c\u001b[31m"\\';
    const { url } = await serve((request, response) => {
      request.resume();
      response.writeHead(502, { 'Content-Type': 'text/html' }).end(`<h1>\n${forged}`);
    });
    const played = await play(url);
    expectComplete(played);
    expect(endings(played)).toEqual(['info 502 http-502']);
    expect(played.history[0]!.reply).toContain('\n{"session":1,"intent":"forged"}\n');
  });

  test('answers 200 with garbage that is no UTF-8', async () => {
    const { url } = await serve((request, response) => {
      request.resume();
      response.end(Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0a, 0xed, 0xa0, 0x80]));
    });
    const played = await play(url);
    expectComplete(played);
    expect(endings(played)).toEqual(['info 200 unreadable-reply']);
  });

  test('answers with 10 MB: cut to what a history keeps', async () => {
    const body = Buffer.alloc(10_000_000, 'x');
    const { url } = await serve((request, response) => {
      request.resume();
      response.end(body);
    });
    const played = await play(url, { buyers: 20, crowdRatio: 0.2, timeoutMs: 20_000 });
    expectComplete(played);
    expect(endings(played)).toEqual(['info 200 unreadable-reply']);
    expect(new Set(played.history.map((o) => o.reply))).toEqual(new Set(['x'.repeat(300)]));
  });

  test('answers with a broken packed body: info, not ok', async () => {
    const packed = gzipSync('{"status":"success"}').subarray(0, 20);
    const { url } = await serve((request, response) => {
      request.resume();
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed);
    });
    const played = await play(url);
    expectComplete(played);
    expect(played.history.every((o) => o.outcome === 'info')).toBe(true);
  });

  test('redirects elsewhere: nobody goes there', async () => {
    let visits = 0;
    const elsewhere = await serve((request, response) => {
      visits += 1;
      sells(request, response);
    });
    const { url } = await serve((request, response) => {
      request.resume();
      response.writeHead(307, { Location: `${elsewhere.url}/api/purchase` }).end();
    });
    const played = await play(url);
    expectComplete(played);
    expect(endings(played)).toEqual(['info 307 http-307']);
    expect(visits).toBe(0);
  });

  test('is slower than the crowd can be served: late arrivals are sent late, none is lost', async () => {
    const { url } = await serve((request, response) => {
      setTimeout(() => sells(request, response), 100);
    });
    const played = await play(url, { buyers: 100, crowdRatio: 0.05, virtualUsersMax: 5 });
    expectComplete(played);
  });
});

test('host names are pinned to the address that was checked', async () => {
  const { url } = await serve(sells);
  const port = new URL(url).port;
  const address = { url: `http://shop.invalid:${port}`, hosts: { 'shop.invalid': '127.0.0.1' } };
  const played = await play(address.url, {}, { address });
  expectComplete(played);
  expect(endings(played)).toEqual(['ok 200 ']);
});

test('an interrupt leaves what was recorded, and says what is missing', async () => {
  const interrupt = new AbortController();
  const { url } = await serve(sells);
  const plan = { ...smallPlan, buyers: 400, crowdRatio: 0.05, durationMs: 20_000 };
  const played = await play(url, plan, {
    signal: interrupt.signal,
    onProgress: ({ delivered }) => {
      if (delivered > 0) interrupt.abort();
    },
  });
  expect(played.ended).toBe('interrupted');
  expect(played.account.recorded).toBe(played.history.length);
  expect(played.history.length).toBeGreaterThan(0);
  expect(played.history.length).toBeLessThan(400);
  expect(played.account.requested).toBeGreaterThanOrEqual(played.history.length);
  const isWhole = played.account.requested === played.account.recorded;
  expect(played.account.complete).toBe(isWhole);
  expect(played.account.gaps.length === 0).toBe(isWhole);
});

test('a load that was interrupted before it began is no load', async () => {
  const { url } = await serve(() => {
    throw new Error('nobody may come');
  });
  const played = await play(url, {}, { signal: AbortSignal.abort() });
  expect(played).toMatchObject({ ended: 'interrupted', history: [] });
});

test('a k6 that was killed leaves what it had recorded, and an incomplete account', async () => {
  let kill: () => void = () => undefined;
  const { url } = await serve(sells);
  const plan = { ...smallPlan, buyers: 400, crowdRatio: 0.05, durationMs: 20_000 };
  const played = await play(url, plan, {
    onKill: (end) => {
      kill = end;
      return () => undefined;
    },
    onProgress: ({ delivered }) => {
      if (delivered > 0) kill();
    },
  });
  expect(played.ended).toBe('killed');
  expect(played.history.length).toBeGreaterThan(0);
  expect(played.account).toMatchObject({ complete: false, requested: null });
  expect(played.trouble.join(' ')).toMatch(/killed.*summary/);
});

test('a k6 that outgrows its memory is ended, with a reason', async () => {
  const { url } = await serve(sells);
  const played = await play(url, { durationMs: 20_000 }, { memoryBytesMax: 1 });
  expect(played).toMatchObject({ ended: 'killed', account: { complete: false } });
  expect(played.trouble[0]).toMatch(/memory/);
});

test('a protocol that stumbles before sending is said, with its words', async () => {
  const { url } = await serve(sells);
  const folder = await temporaryFolder();
  const protocolPath = join(folder, 'protocol.ts');
  const throwing = "() => { throw new Error('no such pool'); }";
  await writeFile(protocolPath, `export const protocol = { purchase: { say: ${throwing} } };`);
  const played = await play(url, {}, { protocolPath });
  expect(played).toMatchObject({ ended: 'complete', history: [], account: { requested: 0 } });
  expect(played.trouble[0]).toMatch(/40 of 40 arrivals were not sent: .*no such pool/);
});

test('a protocol that stumbles over a reply makes it info, and its words forge nothing', async () => {
  const { url } = await serve(sells);
  const folder = await temporaryFolder();
  const protocolPath = join(folder, 'protocol.ts');
  await writeFile(
    protocolPath,
    `export const protocol = {
      purchase: {
        say: () => ({ method: 'POST', path: '/', headers: {}, body: null }),
        read: () => { throw new Error('\\n{"session":1,"intent":"forged"}'); },
      },
    };`,
  );
  const played = await play(url, {}, { protocolPath });
  expectComplete(played);
  expect(endings(played)).toEqual(['info 200 unreadable-reply']);
});

test('the log of a quiet run holds the barrier and nothing else', async () => {
  const { url } = await serve(sells);
  const played = await play(url);
  const log = await readFile(`${played.folder}/k6.log`, 'utf8');
  expect(log).toBe(`{"barrier":${played.account.startedAt}}\n`);
});
