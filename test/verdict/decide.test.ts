import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../lib/model/finding.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { ObjectiveResult, Totals, ValidityResult } from '../../lib/model/verdict.ts';
import { verdictSchema } from '../../lib/model/verdict.ts';
import { decideVerdict } from '../../lib/verdict/decide.ts';
import { exitCodeOf, exitCodes } from '../../lib/verdict/exit-codes.ts';

const manifest: Manifest = {
  schemaVersion: 1,
  runId: 'r',
  scenario: 'purchase-burst',
  target: 'primepass',
  url: 'http://127.0.0.1:1',
  plan: {
    arrivals: 'burst',
    buyers: 1,
    capacity: 1,
    pools: 1,
    zipf: 0,
    quantities: [{ quantity: 1, weight: 1 }],
    crowdRatio: 1,
    durationMs: 1000,
    timeoutMs: 1000,
    virtualUsersMax: 1,
    seed: 7,
  },
  versions: { onsale: '0', node: '0', k6: '0' },
  createdAt: '2026-01-01T00:00:00Z',
  status: 'complete',
  stage: 'judged',
  trouble: [],
  load: null,
};
const totals: Totals = {
  offered: 1,
  delivered: 1,
  operations: 1,
  outcomes: { ok: 1, refused: 0, fail: 0, info: 0 },
  soldAcknowledged: 1,
  capacity: 1,
  skewMsP50: null,
  skewMsP99: null,
  skewMsMax: null,
  latencyMsP50: 1,
  latencyMsP95: 1,
  latencyMsP99: 1,
};

type Result = ObjectiveResult['result'];
const objective = (result: Result, kind = 'latency'): ObjectiveResult => ({
  id: `${kind}-${result}`,
  kind,
  promise: 'p',
  result,
  limit: null,
  measurement: null,
  because: `because ${result}`,
});
const condition = (result: Result): ValidityResult => ({
  id: `load-${result}`,
  result,
  because: 'b',
  value: null,
  limit: null,
});
const witness = { operations: [], rows: [], pools: [], figures: {} };
const holds: Finding = { invariant: 'h', value: 'holds', summary: 's', witness };
const unknown: Finding = {
  invariant: 'u',
  value: 'unknown',
  summary: 's',
  missing: ['m'],
  witness,
};
const violated: Finding = {
  invariant: 'oversell-final',
  value: 'violated',
  summary: '512 sold of 500',
  count: 1,
  witness,
};

interface Given {
  validity?: ValidityResult[];
  objectives?: ObjectiveResult[];
  findings?: Finding[];
  status?: Manifest['status'];
}

function decide({ validity = [], objectives = [], findings = [], status = 'complete' }: Given) {
  return decideVerdict({
    manifest: { ...manifest, status },
    validity,
    objectives,
    findings,
    notJudged: [],
    totals,
  });
}

const good = { validity: [condition('pass')], objectives: [objective('pass')], findings: [holds] };

describe('precedence', () => {
  it.each<[string, Given, Result]>([
    ['all is well', good, 'pass'],
    ['an unknown invariant that nobody asked about', { ...good, findings: [unknown] }, 'pass'],
    [
      'an inconclusive objective',
      { ...good, objectives: [objective('pass'), objective('inconclusive')] },
      'inconclusive',
    ],
    [
      'failed before inconclusive',
      { ...good, objectives: [objective('inconclusive'), objective('fail')] },
      'fail',
    ],
    [
      'load not delivered before failed',
      { ...good, validity: [condition('fail')], objectives: [objective('fail')] },
      'inconclusive',
    ],
    [
      'load not known to be delivered',
      { ...good, validity: [condition('inconclusive')] },
      'inconclusive',
    ],
    [
      'violated before load not delivered',
      { ...good, validity: [condition('fail')], findings: [violated] },
      'fail',
    ],
    [
      'violated although no objective asks',
      { ...good, findings: [holds, unknown, violated] },
      'fail',
    ],
    ['no objectives', { ...good, objectives: [] }, 'inconclusive'],
    ['interrupted', { ...good, status: 'interrupted' }, 'inconclusive'],
    ['killed', { ...good, status: 'running' }, 'inconclusive'],
    ['failed run', { ...good, status: 'failed' }, 'inconclusive'],
    [
      'failed run and objective missed',
      { status: 'failed', objectives: [objective('fail')] },
      'fail',
    ],
    ['interrupted and violated', { ...good, status: 'interrupted', findings: [violated] }, 'fail'],
  ])('%s', (_, given, result) => {
    expect(decide(given).result).toBe(result);
  });

  it.each([
    ['complete', false],
    ['failed', false],
    ['interrupted', true],
    ['running', true],
  ] as const)('a run that is %s counts as interrupted: %s', (status, interrupted) => {
    expect(decide({ ...good, status }).interrupted).toBe(interrupted);
  });

  it('worse evidence never gives a better verdict', () => {
    const order: Result[] = ['pass', 'inconclusive', 'fail'];
    const some = fc.constantFrom<Result>('pass', 'inconclusive', 'fail');
    fc.assert(
      fc.property(fc.array(some, { minLength: 1 }), some, (results, one) => {
        const objectives = results.map((result) => objective(result));
        const before = order.indexOf(decide({ ...good, objectives }).result);
        const after = order.indexOf(
          decide({ ...good, objectives: [...objectives, objective(one)] }).result,
        );
        expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});

describe('reasons', () => {
  it('name what decided first', () => {
    const { reasons } = decide({
      validity: [condition('fail')],
      objectives: [objective('inconclusive'), objective('fail'), objective('fail', 'invariants')],
      findings: [violated],
      status: 'interrupted',
    });
    expect(reasons).toEqual([
      'Invariant oversell-final is violated: 512 sold of 500',
      'The run was interrupted in the stage "judged" and is judged as far as it goes',
      'The load does not count as delivered (load-fail): b',
      'Objective latency-fail failed: because fail',
      'Objective latency-inconclusive is inconclusive: because inconclusive',
    ]);
  });

  it('say what a pass rests on', () => {
    expect(decide(good).reasons).toEqual([
      'All 1 objectives were met; 1 of 1 invariants were shown to hold and none was violated.',
    ]);
  });

  it('are cut to fit the schema', () => {
    const long = { ...objective('fail'), because: '😀'.repeat(250) };
    const trouble = [`${'x'.repeat(400)}${'😀'.repeat(300)}`];
    const verdict = decideVerdict({
      manifest: { ...manifest, status: 'failed', trouble },
      validity: [],
      objectives: [long],
      findings: [],
      notJudged: [],
      totals,
    });
    verdictSchema.parse(verdict);
    // Half a surrogate pair at the cut would not survive being written as UTF-8.
    for (const reason of verdict.reasons) expect(Buffer.from(reason).toString()).toBe(reason);
  });
});

describe('exit codes', () => {
  it.each([
    [{ result: 'pass', interrupted: false }, 0],
    [{ result: 'fail', interrupted: false }, 1],
    [{ result: 'inconclusive', interrupted: false }, 3],
    [{ result: 'fail', interrupted: true }, 130],
    [{ result: 'inconclusive', interrupted: true }, 130],
  ] as const)('%j is %i', (verdict, code) => {
    expect(exitCodeOf(verdict)).toBe(code);
  });

  it('are all different', () => {
    expect(new Set(Object.values(exitCodes)).size).toBe(Object.keys(exitCodes).length);
  });
});
