import { expect, test } from 'vitest';
import { loadAccountSchema } from '../../lib/model/manifest.ts';
import type { LogAccount } from '../../lib/run/k6-log.ts';
import { accountFor } from '../../lib/run/load-account.ts';
import type { K6Summary } from '../../lib/run/load-settings.ts';

const log: LogAccount = { operations: 10, startedAt: 5, cut: false, unreadable: 0, messages: [] };
const summary: K6Summary = {
  startedAt: 5,
  begun: 10,
  asides: 0,
  httpRequests: 10,
  iterations: 15,
  droppedIterations: 0,
  virtualUsersMax: 5,
};
const health = { generatorCpuRatioMax: 0.5, generatorCpuRatioMean: 0.1, stealRatio: null };

function account(change: { log?: Partial<LogAccount>; summary?: Partial<K6Summary> | null }) {
  return loadAccountSchema.parse(
    accountFor({
      offered: 10,
      log: { ...log, ...change.log },
      summary: change.summary === null ? null : { ...summary, ...change.summary },
      health,
    }),
  );
}

test('equal counts and a whole log are complete', () => {
  expect(account({})).toEqual({
    startedAt: 5,
    offered: 10,
    recorded: 10,
    requested: 10,
    complete: true,
    gaps: [],
    ...health,
  });
});

test('arrivals that were given up are not delivered, but nothing is missing', () => {
  const given = { log: { operations: 7 }, summary: { begun: 7, httpRequests: 7 } };
  expect(account(given)).toMatchObject({ complete: true, offered: 10, recorded: 7, requested: 7 });
});

test('a request that k6 did not end, but the history has, is no gap', () => {
  expect(account({ summary: { httpRequests: 9 } }).complete).toBe(true);
});

test.each([
  ['fewer recorded than begun', { log: { operations: 9 } }, /began 10 .* has 9/],
  ['more recorded than begun', { log: { operations: 11 } }, /began 10 .* has 11/],
  ['more ended than begun', { summary: { httpRequests: 11 } }, /ended 11/],
  ['a cut log', { log: { cut: true } }, /cut/],
  ['an unreadable line', { log: { unreadable: 1 } }, /cannot be read/],
  ['no summary', { summary: null }, /no summary/],
])('%s is a gap', (_what, change, gap) => {
  const { complete, gaps } = account(change);
  expect(complete).toBe(false);
  expect(gaps).toEqual([expect.stringMatching(gap)]);
});

test('T₀ comes from the log, else from the summary', () => {
  expect(account({ log: { startedAt: null } }).startedAt).toBe(5);
  expect(account({ log: { startedAt: null }, summary: null }).startedAt).toBeNull();
});
