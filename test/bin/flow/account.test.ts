import { expect, test } from 'vitest';
import { type RunRecords, reconciled } from '../../../bin/flow/account.ts';
import { historyOf } from '../../../lib/history/columns.ts';
import type { LoadAccount, Manifest } from '../../../lib/model/manifest.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import { operation } from '../../invariants/notation.ts';
import { account } from '../../sla/evidence.ts';

const operations: readonly Operation[] = [0, 1, 2].map((i) => ({
  ...operation({ intent: `k${i}`, pool: 'A', quantity: 1, start: i, end: i + 5, outcome: 'ok' }),
  session: i + 1,
}));

function records(
  change: { load?: Partial<LoadAccount>; operations?: readonly Operation[] } & Partial<RunRecords>,
): RunRecords {
  const load = { ...account, offered: 3, recorded: 3, requested: 3, ...change.load };
  const intents = operations.map(({ intent: key }) => ({ key, pool: 0, quantity: 1, offsetMs: 0 }));
  return {
    manifest: { runId: 'r', load } as Manifest,
    intents: { schemaVersion: 1, runId: 'r', intents },
    history: historyOf(change.operations ?? operations),
    damaged: 0,
    ...change,
  };
}

test('an account that the files bear out stays as it is', () => {
  const whole = records({});
  expect(reconciled(whole)).toBe(whole.manifest);
  expect(reconciled({ ...whole, manifest: { ...whole.manifest, load: null } }).load).toBeNull();
});

const [first, second] = operations as [Operation, Operation];
const known = records({}).intents;
test.each<[string, RunRecords, string]>([
  ['a line is missing', records({ operations: [first, second] }), 'now 2 can be read'],
  ['a line cannot be read', records({ damaged: 1 }), '1 lines cannot'],
  [
    'one line is twice there instead of another',
    records({ operations: [first, first, second] }),
    'began while another',
  ],
  [
    'an operation ends before it starts',
    records({ operations: [first, second, { ...operations[2]!, end: 0 }] }),
    'clock jumped',
  ],
  ['the account contradicts itself', records({ load: { requested: 4 } }), 'k6 began 4 requests'],
  ['k6 left no summary', records({ load: { requested: null } }), 'k6 began unknown requests'],
  ['the plan was cut', records({ load: { offered: 5 } }), 'with 3 arrivals'],
  ['the plan is that of another run', records({ intents: { ...known, runId: 'x' } }), 'of run x'],
  [
    'somebody bought who was not planned',
    records({ operations: [first, second, { ...operations[2]!, intent: 'zz' }] }),
    '1 intents of the history were never planned',
  ],
])('the history is not complete where %s', (_, broken, words) => {
  const { load } = reconciled(broken);
  expect(load).toMatchObject({ complete: false, recorded: broken.history.length });
  expect(load?.gaps.join()).toContain(words);
});

test('an account with gaps is not complete, whatever it says', () => {
  expect(reconciled(records({ load: { gaps: ['cut'] } })).load).toMatchObject({
    complete: false,
    gaps: ['cut'],
  });
});
