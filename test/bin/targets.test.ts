import { expect, test } from 'vitest';
import { newMachine } from '../experience/product.ts';
import { startShop } from '../threats/shop.ts';

test('an API is told with what it can do, what it needs and what follows', async () => {
  const machine = await newMachine();
  const { code, stdout } = await machine.loadtest(['targets', 'primepass', '--json']);
  expect(code).toBe(0);
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({ name: 'primepass', secret: null, options: [] });
  expect(told.capabilities.map((each: { name: string }) => each.name)).toContain('quantities');
  const burst = told.scenarios.find((each: { name: string }) => each.name === 'purchase-burst');
  expect(burst).toEqual({ name: 'purchase-burst', lacks: [] });
});

test('an unknown API is 2, with the nearest', async () => {
  const machine = await newMachine();
  const { code, stderr } = await machine.loadtest(['targets', 'primpass']);
  expect({ code, meant: stderr.includes('primepass') }).toEqual({ code: 2, meant: true });
});

test('a contract that is not kept is told call by call, and exit code 1', async () => {
  const machine = await newMachine();
  const shop = await startShop({
    answer: ({ path, reply, honest }) => {
      if (path === '/api/purchase') reply.writeHead(418).end();
      else honest();
    },
  });
  const { code, stdout } = await machine.loadtest([
    ...['targets', 'check', 'primepass', '--url', shop.url],
    '--json',
  ]);
  expect(code).toBe(1);
  const trials: { what: string; got: string | null }[] = JSON.parse(stdout);
  expect(trials.find(({ what }) => what === 'GET /api/events')).toMatchObject({ got: null });
  expect(trials.filter(({ got }) => got !== null).length).toBeGreaterThan(0);
});

test('nobody there is 4, and a host that nobody allowed is 2', async () => {
  const machine = await newMachine();
  const check = ['targets', 'check', 'primepass', '--url'];
  expect((await machine.loadtest([...check, 'http://127.0.0.1:1'])).code).toBe(4);
  expect((await machine.loadtest([...check, 'http://192.0.2.1:5000'])).code).toBe(2);
});

test('an option that the API does not have is 2', async () => {
  const machine = await newMachine();
  const check = ['targets', 'check', 'primepass', '--url', 'http://127.0.0.1:1'];
  const { code, stderr } = await machine.loadtest([...check, '--option', 'organizer=x']);
  expect(code).toBe(2);
  expect(stderr).toContain('organizer');
});
