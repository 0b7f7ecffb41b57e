import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Operation, type OperationKind, operationSchema } from '../../lib/model/operation.ts';
import { type Verdict, verdictSchema } from '../../lib/model/verdict.ts';
import { type Machine, newMachine } from '../experience/product.ts';
import { type Service, startService } from '../target/service.ts';

/*
 * Every family plays the stories that the matrix does not play on it, as a user types them: small, and judged. What is
 * asked here is that the story was really told, that the family could be read back, and that a correct shop is accused of
 * nothing. How sharp each claim is, the matrix measures.
 */

/** Pretix may have to be installed first; see test/get-pretix.ts. */
const START_LIMIT_MS = 20 * 60_000;
const RUN_LIMIT_MS = 85_000;
const PLAN = ['--buyers', '40', '--capacity', '30', '--duration', '2s', '--timeout', '20s'];
const STAGES = ['--arrivals', 'stages', '--stages', '1s:8,2s:16'];
const BRISK = ['--think', '100ms-300ms'];

interface Story {
  readonly scenario: string;
  readonly more?: readonly string[];
  /** What at least one operation of the history has to be, and end in `ok`. */
  readonly tells: readonly OperationKind[];
}
interface Family {
  readonly api: string;
  readonly up?: readonly string[];
  readonly stories: readonly Story[];
}

const browse: Story = {
  scenario: 'browse-and-buy',
  more: ['--pools', '2', ...BRISK],
  tells: ['availability', 'purchase'],
};
const gic: Story = {
  scenario: 'gic-stages',
  more: [...STAGES, ...BRISK],
  tells: ['view', 'purchase'],
};
const retry: Story = { scenario: 'retry-storm', tells: ['purchase'] };
const refund: Story = {
  scenario: 'refund-and-resell',
  more: ['--think', '800ms-1500ms'],
  tells: ['purchase', 'cancel'],
};
const hold: Story = {
  scenario: 'hold-and-pay',
  more: ['--option', 'hold=3', ...BRISK],
  tells: ['hold', 'pay'],
};
const holdSome: Story = { ...hold, more: [...(hold.more ?? []), '--quantities', '1:1,2:1'] };
const steady: Story = { scenario: 'steady-sale', more: BRISK, tells: ['availability'] };

const families: readonly Family[] = [
  { api: 'primepass', stories: [browse, gic] },
  { api: 'reference', stories: [gic, steady, holdSome] },
  { api: 'wdm', stories: [browse, gic, retry] },
  { api: 'co4353', stories: [browse, gic, refund] },
  // A cancelled order of pretix keeps its money until somebody refunds it, of which its adapter says nothing: no refund here.
  { api: 'pretix', up: ['--processes', '4'], stories: [browse, gic, retry, hold] },
];

describe.each(families)('$api', ({ api, up = [], stories }) => {
  let service: Service;
  let machine: Machine;
  beforeAll(async () => {
    machine = await newMachine();
    service = await startService(api, ...up);
  }, START_LIMIT_MS);
  afterAll(() => service?.stop());

  it.each(stories)(
    'plays $scenario, and is accused of nothing',
    async (story) => {
      const { verdict, operations, isComplete } = await play(machine, service, story);
      const kinds = operations.filter(({ outcome }) => outcome === 'ok').map(({ kind }) => kind);
      expect(verdict.findings.filter(({ value }) => value === 'violated')).toEqual([]);
      expect(isComplete).toBe(true);
      expect(kinds).toEqual(expect.arrayContaining([...story.tells]));
      // Who pays or gives back means all tickets of the intent.
      for (const { kind, intent, quantity } of operations)
        if (kind === 'pay' || kind === 'cancel') expect(quantity).toBe(asked(operations, intent));
    },
    RUN_LIMIT_MS,
  );
});

function asked(operations: readonly Operation[], ofIntent: string): number | undefined {
  const isAsk = ({ kind }: Operation) => kind === 'purchase' || kind === 'hold';
  return operations.find((each) => each.intent === ofIntent && isAsk(each))?.quantity;
}

/** One run; what it came to, all that was recorded, and whether everything could be read back. */
async function play(
  machine: Machine,
  { target, url, environment }: Service,
  { scenario, more = [] }: Story,
): Promise<{ verdict: Verdict; operations: Operation[]; isComplete: boolean }> {
  const line = ['run', scenario, '--target', target, '--url', url, '--exclusive', '--seed', '1'];
  const args = [...line, ...PLAN, '--sla', 'sla.yaml', '--json', ...more];
  const { code, stdout, stderr } = await machine.loadtest(args, { env: { ...environment } });
  // A busy machine may leave a claim undecided.
  expect([0, 3], stderr).toContain(code);
  const folder = join(machine.cwd, 'runs', scenario);
  const [run] = (await readdir(folder)).sort().reverse();
  const history = await readFile(join(folder, run!, 'history.ndjson'), 'utf8');
  const operations = history
    .trim()
    .split('\n')
    .map((each) => operationSchema.parse(JSON.parse(each)));
  const { complete } = JSON.parse(await readFile(join(folder, run!, 'state.json'), 'utf8'));
  const verdict = verdictSchema.parse(JSON.parse(stdout));
  return { verdict, operations, isComplete: complete };
}
