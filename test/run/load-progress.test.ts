import { expect, test } from 'vitest';
import type { Operation } from '../../lib/model/operation.ts';
import type { Intent } from '../../lib/model/plan.ts';
import { meterProgress } from '../../lib/run/load-progress.ts';

const T0 = 1_000_000;
const intents: Intent[] = Array.from({ length: 100 }, (_, i) => ({
  key: `i${i}`,
  pool: 0,
  quantity: 2,
  offsetMs: i * 20,
}));

function line(change: Partial<Operation>): string {
  const operation: Operation = {
    session: 1,
    intent: 'i0',
    kind: 'purchase',
    pool: '1',
    quantity: 2,
    start: T0,
    end: T0 + 10,
    outcome: 'ok',
    status: 200,
    reason: '',
    reply: '',
    ...change,
  };
  return JSON.stringify(operation);
}

test('before the barrier nothing is due and nothing has come', () => {
  const meter = meterProgress(intents, 500);
  expect(meter.report(T0 - 500)).toEqual({
    elapsedMs: 0,
    offered: 100,
    answered: 0,
    delivered: 0,
    offeredPerSecond: 0,
    deliveredPerSecond: 0,
    latencyMsP95: null,
    errors: 0,
    sold: 0,
    capacity: 500,
  });
});

test('rates and p95 are of the time since the last report, counts since the start', () => {
  const meter = meterProgress(intents, 500);
  meter.report(T0 - 500);
  const latencies = Array.from({ length: 20 }, (_, i) =>
    line({ intent: `i${i}`, end: T0 + i + 1 }),
  );
  meter.add([`{"barrier":${T0}}`, 'Request Failed', ...latencies]);
  expect(meter.report(T0 + 1000)).toMatchObject({
    elapsedMs: 1000,
    delivered: 20,
    offeredPerSecond: 51,
    deliveredPerSecond: 20,
    latencyMsP95: 19,
    sold: 40,
    errors: 0,
  });
  meter.add([line({ outcome: 'refused' }), line({ outcome: 'info' }), line({ outcome: 'fail' })]);
  expect(meter.report(T0 + 1500)).toMatchObject({
    delivered: 23,
    offeredPerSecond: 50,
    deliveredPerSecond: 6,
    latencyMsP95: 10,
    sold: 40,
    errors: 2,
  });
  expect(meter.report(T0 + 9000)).toMatchObject({ offered: 100, latencyMsP95: null });
});

test('buyers who ask for several things are counted once, and holds only when they are paid', () => {
  const meter = meterProgress(intents, 500);
  const steps = (sold: number, answered: number, ...changes: Partial<Operation>[]) => {
    meter.add(changes.map(line));
    expect(meter.report(T0 + 1000)).toMatchObject({ sold, answered });
  };
  meter.add([`{"barrier":${T0}}`]);
  steps(0, 1, { kind: 'view' }, { kind: 'hold' }, { kind: 'availability' });
  steps(0, 2, { intent: 'i1', kind: 'hold' }, { intent: 'i1', kind: 'cancel' });
  steps(2, 2, { kind: 'pay' }, { kind: 'pay' }, { kind: 'status' });
  steps(
    4,
    3,
    { intent: 'i2' },
    { intent: 'i2' },
    { intent: 'i2', kind: 'cancel', outcome: 'info' },
  );
  steps(2, 3, { intent: 'i2', kind: 'cancel' });
  expect(meter.report(T0 + 1000)).toMatchObject({ delivered: 12 });
});
