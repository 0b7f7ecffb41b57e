import { afterAll, beforeAll, expect, test } from 'vitest';
import { optionsOf } from '../../../lib/targets/options.ts';
import { protocol } from '../../../lib/targets/reference/protocol.ts';
import { reference } from '../../../lib/targets/reference/target.ts';
import { type Service, startService } from '../../target/service.ts';
import { connectionTo, knownOf } from '../connection.ts';
import { act, sceneOf } from '../scene.ts';

const { admin } = reference;
let service: Service;
beforeAll(async () => {
  service = await startService('reference', '--processes', '1');
});
afterAll(() => service?.stop());

test('a second run under the id of a first is told nothing that the first was told', async () => {
  const connection = connectionTo(service.url, { options: optionsOf(reference, ['hold=1']) });
  const first = await sceneOf(admin, connection, { plan: { capacity: 3 }, buyers: 3 });
  const bought = await act(protocol, first, { kind: 'purchase', i: 0 });
  const held = await act(protocol, first, { kind: 'hold', i: 1 });
  expect([bought, held]).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);

  const { fixture } = await admin.provision(connection, first.asked);
  expect(fixture.baselineOrders).toEqual([bought.order, held.order]);
  const second = { ...first, fixture };
  const anew = await act(protocol, second, { kind: 'purchase', i: 0 });
  expect(anew).toMatchObject({ outcome: 'ok' });
  expect(fixture.baselineOrders).not.toContain(anew.order);
  expect(await act(protocol, second, { kind: 'purchase', i: 0 })).toEqual(anew);
  const { orders } = await admin.read(connection, knownOf(fixture, first.intents));
  expect(orders.map(({ id, intent }) => [id, intent])).toEqual([
    [anew.order, first.intents.intents[0]!.key],
  ]);
});
