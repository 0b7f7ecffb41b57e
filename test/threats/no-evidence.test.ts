import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../lib/model/verdict.ts';
import { LENIENT_SLA, newMachine, smallRun } from '../experience/product.ts';
import { type Call, startShop } from './shop.ts';

/** A promise about those who were sold a ticket: where nobody was, it is neither kept nor broken. */
const SLA = LENIENT_SLA.replace(/objectives:(.|\n)*$/, 'objectives:\n').concat(
  '  - {id: sold-p50, kind: latency, operation: purchase, quantile: 0.5, lte: 1min, outcomes: ok}\n',
);

const silent: Readonly<Record<string, (call: Call) => void>> = {
  'every reply is a server error': ({ path, reply, honest }) => {
    if (path === '/api/purchase') reply.writeHead(503).end('overloaded');
    else honest();
  },
  'every purchase times out': ({ path, honest }) => {
    if (path !== '/api/purchase') honest();
  },
  'every connection is reset': ({ path, request, honest }) => {
    if (path === '/api/purchase') request.socket.resetAndDestroy();
    else honest();
  },
};

describe.concurrent('without one answer there is no pass:', () => {
  test.each(Object.entries(silent))('%s', async (_, answer) => {
    const shop = await startShop({ answer });
    const machine = await newMachine();
    await writeFile(join(machine.cwd, 'sla.yaml'), SLA);
    const ended = await machine.loadtest(
      smallRun(shop.url, '--json', '--timeout', '300ms', '--max-vus', '80'),
    );
    expect(ended.stdout, ended.stderr).not.toBe('');
    const verdict = JSON.parse(ended.stdout) as Verdict;
    expect(verdict.totals.outcomes).toMatchObject({ ok: 0, refused: 0 });
    expect(ended.code, ended.stderr).toBe(3);
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.objectives).toMatchObject([{ id: 'sold-p50', result: 'inconclusive' }]);
    expect(verdict.objectives[0]!.measurement?.samples ?? 0).toBe(0);
  });

  test('a target that refuses every connection once it is provisioned is no pass and no interrupt', async () => {
    const shop = await startShop({
      answer: ({ path, honest }) => {
        if (path === '/api/purchase') shop.vanish();
        else honest();
      },
    });
    const machine = await newMachine();
    const { child, ended } = machine.start(smallRun(shop.url, '--json'));
    const { code, stdout, stderr } = await ended;
    expect(child.killed, stderr).toBe(false);
    const verdict = JSON.parse(stdout) as Verdict;
    expect(verdict).toMatchObject({ interrupted: false });
    expect([1, 3], stderr).toContain(code);
    const [run] = await machine.runs();
    const { status } = JSON.parse(await readFile(join(run!, 'manifest.json'), 'utf8'));
    expect(status).not.toBe('running');
  });

  test('a target that is gone before anybody could buy leaves nothing to judge: 4, no document', async () => {
    const shop = await startShop({
      answer: ({ path, honest }) => {
        if (path === '/api/login') shop.vanish();
        else honest();
      },
    });
    const machine = await newMachine();
    const ended = await machine.loadtest(smallRun(shop.url, '--json'));
    expect(ended).toMatchObject({ code: 4, stdout: '' });
    expect(ended.stderr).toContain('to do:');
  });
});
