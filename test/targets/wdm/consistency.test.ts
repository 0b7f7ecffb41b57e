import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Verdict, verdictSchema } from '../../../lib/model/verdict.ts';
import { newMachine } from '../../experience/product.ts';
import { raceUntil } from '../../race.ts';
import { type Service, startService } from '../../target/service.ts';

let shop: Service;
beforeAll(async () => {
  // In this form nobody's caches are in the way of what is read back over HTTP.
  shop = await startService(
    'wdm',
    ...['--option', 'generation=2024', '--flaw', 'missing-compensation'],
  );
});
afterAll(() => shop?.stop());

test('money kept for nothing is found buyer by buyer, over HTTP alone, and nothing else is accused', async () => {
  const machine = await newMachine();
  const { code, stdout, stderr } = await raceUntil(
    (ended) => ended.code === 1,
    () =>
      machine.loadtest([
        ...['run', 'wdm-consistency', '--target', 'wdm', '--url', shop.url, '--sla', 'sla.yaml'],
        ...['--buyers', '150', '--capacity', '20', '--option', 'price=1', '--option', 'credit=1'],
        ...['--json', '--quiet'],
      ]),
  );
  expect(code, stderr).toBe(1);
  const { findings, totals }: Verdict = verdictSchema.parse(JSON.parse(stdout));
  const violated = findings.filter(({ value }) => value === 'violated');
  expect(violated.map(({ invariant }) => invariant)).toEqual([
    'money-conservation',
    'saga-atomicity',
  ]);
  expect(totals).toMatchObject({ soldAcknowledged: 20, outcomes: { ok: 20, fail: 0 } });
});
