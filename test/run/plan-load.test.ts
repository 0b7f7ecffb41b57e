import { expect, test } from 'vitest';
import type { Plan } from '../../lib/model/plan.ts';
import { planIntents } from '../../lib/run/intents.ts';
import { limitMsOf, settingsFor } from '../../lib/run/plan-load.ts';
import { smallPlan } from './play.ts';

function settings(change: Partial<Plan>) {
  const plan = { ...smallPlan, arrivals: 'constant' as const, ...change };
  const address = { url: 'http://shop', hosts: {} };
  return settingsFor({
    folder: '/run',
    scratch: '/tmp/k6',
    plan,
    intents: planIntents(plan, 'r'),
    address,
    secrets: false,
    requestsMax: 1,
  });
}

test('paths are absolute, counts are the plan’s', () => {
  expect(settings({ buyers: 40, virtualUsersMax: 20 })).toMatchObject({
    intentsPath: '/run/intents.json',
    fixturePath: '/run/fixture.json',
    summaryPath: '/tmp/k6/k6-summary.json',
    intents: 40,
    virtualUsers: 20,
    record: true,
  });
});

test('every arrival of a target that only times out can still be sent', () => {
  const { giveUpMs, lastOffsetMs } = settings({ buyers: 40, virtualUsersMax: 5, timeoutMs: 3000 });
  expect(giveUpMs).toBe(lastOffsetMs + 8 * 3000);
});

test('the backlog has a least and a most', () => {
  const short = settings({ timeoutMs: 10 });
  expect(short.giveUpMs - short.lastOffsetMs).toBe(10_000);
  const long = settings({ buyers: 5000, virtualUsersMax: 1, timeoutMs: 60_000 });
  expect(long.giveUpMs - long.lastOffsetMs).toBe(600_000);
});

test('the lead grows with the virtual users, and each limit leaves room for the one inside it', () => {
  const one = settings({ virtualUsersMax: 1 });
  const many = settings({ buyers: 2000, virtualUsersMax: 2000 });
  expect(many.leadMs - one.leadMs).toBe(1999);
  expect(many.maxDurationMs).toBeGreaterThan(many.leadMs + many.giveUpMs + many.timeoutMs);
  expect(limitMsOf(many)).toBeGreaterThan(many.maxDurationMs);
});
