import { HistoryBuilder } from '../../lib/history/columns.ts';
import type { Finding, Witness } from '../../lib/model/finding.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { Intent } from '../../lib/model/plan.ts';
import type { ObjectiveResult, Verdict } from '../../lib/model/verdict.ts';
import type { ReportInput } from '../../reports/report.ts';

export const T0 = 1_760_000_000_000;

/** What a hostile target, row or URL may hold; every report is tried with all of it. */
export const HOSTILE = [
  '<script>window.owned=1;alert(1)</script>',
  '"><img src=x onerror="window.owned=1;alert(2)">',
  "'><svg onload=window.owned=1>",
  '</style><style>@import "http://evil.example/x.css"',
  '::add-mask::secret ::error::boom ##[error]boom',
  '@team #12 `code` ``` | a | b | [x](javascript:alert(1)) ![y](http://evil.example/p.png)',
  '<!-- <b>bold</b> https://evil.example www.evil.example',
  '\u001b[31mred\u001b[0m\u001b]0;title\u0007\u0000\u0008\u007f\u009b31m',
  ']]> &amp; &#x1b; \u202Egpj.exe\u2066\u200b\ufeff\u2028',
  '\ud800 lone \udfff \ufffe \uffff',
  'line\r\n::warning::two\n# heading\n- [ ] task\n\ttab',
  '=cmd|calc +1 -1 @SUM',
] as const;

export type Story = 'pass' | 'fail' | 'inconclusive' | 'empty';

export interface ExampleOptions {
  readonly story: Story;
  readonly buyers?: number;
  readonly durationMs?: number;
  /** Every text that a target or manifest can hold is one of {@link HOSTILE}. */
  readonly hostile?: boolean;
  readonly seed?: number;
}

/** mulberry32 */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A burst as it happens: most arrive at once, the queue makes them wait, then it is sold out and answers are quick. */
export function exampleRun(options: ExampleOptions): ReportInput {
  const { story, buyers = 4000, durationMs = 6000, hostile = false, seed = 7 } = options;
  const random = generator(seed);
  const capacity = 500;
  const intents: Intent[] = [];
  for (let i = 0; i < buyers && story !== 'empty'; i++) {
    const late = random() > 0.6;
    const offsetMs = late ? Math.min(-Math.log(1 - random()) * durationMs * 0.2, durationMs) : 0;
    intents.push({
      key: `onsale-demo-${i}`,
      pool: i % 2,
      quantity: 1 + (i % 3 === 0 ? 1 : 0),
      offsetMs,
    });
  }
  intents.sort((a, b) => a.offsetMs - b.offsetMs);

  const builder = new HistoryBuilder();
  let sold = 0;
  let busyUntil = 0;
  const count = { ok: 0, refused: 0, fail: 0, info: 0 };
  const latencies: number[] = [];
  const samples: Operation[] = [];
  intents.forEach((intent, i) => {
    const start = T0 + Math.round(intent.offsetMs + random() * 25);
    busyUntil = Math.max(busyUntil, start - T0) + 0.35;
    const waited = busyUntil - (start - T0) + 3 - Math.log(1 - random()) * 6;
    const draw = random();
    let outcome: Operation['outcome'] = sold + intent.quantity <= capacity ? 'ok' : 'refused';
    let status = outcome === 'ok' ? 200 : 400;
    let reason: string = outcome === 'ok' ? '' : 'sold-out';
    if (story === 'fail' && draw < 0.03) [outcome, status, reason] = ['info', 500, 'http-500'];
    else if (story === 'fail' && draw < 0.035) [outcome, status, reason] = ['info', 0, 'timeout'];
    else if (story === 'fail' && draw < 0.04)
      [outcome, status, reason] = ['fail', 503, 'overloaded'];
    else if (hostile && draw < 0.1) {
      [outcome, status, reason] = ['fail', 418, HOSTILE[i % HOSTILE.length]!.slice(0, 60)];
    }
    if (outcome === 'ok') sold += intent.quantity;
    count[outcome]++;
    const end = start + Math.max(1, Math.round(reason === 'timeout' ? 3000 : waited));
    latencies.push(outcome === 'info' ? Number.POSITIVE_INFINITY : end - start);
    const operation: Operation = {
      session: (i % 600) + 1,
      intent: intent.key,
      kind: 'purchase',
      pool: hostile ? HOSTILE[i % 2]! : intent.pool === 0 ? 'stalls' : 'balcony',
      quantity: intent.quantity,
      start,
      end,
      outcome,
      status,
      reason,
      reply: hostile ? HOSTILE[i % HOSTILE.length]! : '',
    };
    builder.add(operation);
    if (samples.length < 4 && outcome === 'ok' && sold > 480) samples.push(operation);
    else if (samples.length >= 4 && samples.length < 6 && outcome === 'info')
      samples.push(operation);
    else if (samples.length === 6 && outcome === 'fail') samples.push(operation);
    else if (samples.length === 7 && outcome === 'refused') samples.push(operation);
  });
  latencies.sort((a, b) => a - b);
  const quantile = (q: number) => {
    const found = latencies[Math.ceil(q * latencies.length) - 1] ?? Number.POSITIVE_INFINITY;
    return Number.isFinite(found) ? found : null;
  };
  const manifest = manifestOf(story, hostile, seed, buyers, capacity, durationMs, intents.length);
  const input = {
    manifest,
    history: builder.build(),
    intents: { schemaVersion: 1 as const, runId: manifest.runId, intents },
    statements,
    runFolder: hostile
      ? "runs/it's; rm -rf $HOME \u001b[31m"
      : 'runs/purchase-burst/2026-11-21T14-30-00Z',
    typedTarget: manifest.target,
  };
  const totals: Verdict['totals'] = {
    offered: buyers,
    delivered: intents.length,
    operations: intents.length,
    outcomes: count,
    soldAcknowledged: sold,
    capacity,
    skewMsP50: story === 'empty' ? null : 4,
    skewMsP99: story === 'empty' ? null : 18,
    skewMsMax: story === 'empty' ? null : 25,
    latencyMsP50: quantile(0.5),
    latencyMsP95: quantile(0.95),
    latencyMsP99: quantile(0.99),
  };
  return { ...input, verdict: verdictOf({ story, hostile, manifest, totals, samples }) };
}

export const statements: Record<string, string> = {
  'oversell-final': 'Never more sold than there is.',
  'lost-purchase': 'An acknowledged purchase exists.',
  'phantom-order': 'An order has a buyer.',
  'partial-purchase': 'All the tickets asked for, or none.',
  'stock-conservation': 'What was there, less what remains, is what was sold.',
};

function manifestOf(
  story: Story,
  hostile: boolean,
  seed: number,
  buyers: number,
  capacity: number,
  durationMs: number,
  recorded: number,
): Manifest {
  const dirty = (i: number, clean: string) => (hostile ? HOSTILE[i]! : clean);
  return {
    schemaVersion: 1,
    runId: 'demo',
    scenario: dirty(0, 'purchase-burst'),
    target: dirty(1, 'primepass'),
    url: dirty(6, 'http://127.0.0.1:8080'),
    plan: {
      arrivals: 'burst',
      buyers,
      capacity,
      pools: 2,
      zipf: 0.8,
      quantities: [
        { quantity: 1, weight: 2 },
        { quantity: 2, weight: 1 },
      ],
      crowdRatio: 0.6,
      durationMs,
      timeoutMs: 3000,
      virtualUsersMax: 600,
      seed,
    },
    versions: { onsale: '0.1.0', node: 'v20.20.2', k6: dirty(7, 'v1.8.1') },
    createdAt: '2026-11-21T14:30:00.000Z',
    status: story === 'empty' ? 'interrupted' : 'complete',
    stage: 'judged',
    trouble: story === 'empty' ? [dirty(4, 'the generator was ended before T₀')] : [],
    load: {
      startedAt: story === 'empty' ? null : T0,
      offered: buyers,
      recorded,
      requested: recorded,
      complete: story !== 'empty',
      gaps: story === 'empty' ? [dirty(8, 'k6 left no summary')] : [],
      generatorCpuRatioMax: 0.62,
      generatorCpuRatioMean: 0.31,
      stealRatio: 0.004,
    },
  };
}

interface VerdictParts {
  readonly story: Story;
  readonly hostile: boolean;
  readonly manifest: Manifest;
  readonly totals: Verdict['totals'];
  readonly samples: readonly Operation[];
}

function verdictOf({ story, hostile, manifest, totals, samples }: VerdictParts): Verdict {
  const failing = story === 'fail';
  const empty = story === 'empty';
  const result = story === 'empty' ? 'inconclusive' : story;
  const witness: Witness = {
    operations: [...samples].sort((a, b) => a.start - b.start),
    rows: samples.slice(0, 4).map((operation, i) => ({
      id: `${9000 + i}`,
      pool: operation.pool,
      quantity: operation.quantity,
      status: i === 3 ? 'cancelled' : 'live',
      intent: i === 2 ? null : operation.intent,
      buyer: hostile ? HOSTILE[i]! : `buyer-${i}@example.org`,
    })),
    pools: [{ id: hostile ? HOSTILE[2]! : 'stalls', remaining: -12, capacity: 250 }],
    figures: { sold: 512, capacity: 500 },
  };
  const none: Witness = { operations: [], rows: [], pools: [], figures: {} };
  const words = (i: number, clean: string) => (hostile ? `${clean} ${HOSTILE[i]!}` : clean);
  const findings: Finding[] = [
    failing
      ? {
          invariant: 'oversell-final',
          value: 'violated',
          summary: words(1, '512 tickets of 500 were sold: 12 too many, in 1 of 2 pools.'),
          count: 1,
          witness,
        }
      : empty
        ? {
            invariant: 'oversell-final',
            value: 'unknown',
            summary: words(2, 'Nothing was sold.'),
            missing: [words(3, 'At least one purchase: let the run reach T₀.')],
            witness: null,
          }
        : {
            invariant: 'oversell-final',
            value: 'holds',
            summary: words(4, '500 of 500 tickets were sold.'),
            witness: { ...none, figures: { sold: 500, capacity: 500 } },
          },
    failing
      ? {
          invariant: 'lost-purchase',
          value: 'violated',
          summary: words(5, '3 acknowledged purchases left no order.'),
          count: 3,
          witness: {
            ...none,
            operations: witness.operations
              .filter((operation) => operation.outcome === 'ok')
              .slice(0, 1),
          },
        }
      : {
          invariant: 'lost-purchase',
          value: 'holds',
          summary: words(6, 'All 376 acknowledged purchases have an order.'),
          witness: none,
        },
    {
      invariant: 'phantom-order',
      value: 'unknown',
      summary: words(7, 'Orders of strangers cannot be seen.'),
      missing: [words(8, 'A listing of every order: give --database-url.')],
      witness: null,
    },
    {
      invariant: 'partial-purchase',
      value: 'holds',
      summary: words(9, 'Every order has the quantity asked for.'),
      witness: none,
    },
    {
      invariant: 'stock-conservation',
      value: failing ? 'unknown' : 'holds',
      summary: words(10, '500 − 0 = 500.'),
      ...(failing
        ? { missing: ['What is left, from the target.'], witness: null }
        : { witness: none }),
    } as Finding,
  ];
  return {
    schemaVersion: 1,
    run: {
      runId: manifest.runId,
      scenario: manifest.scenario,
      target: manifest.target,
      url: manifest.url,
      createdAt: manifest.createdAt,
      seed: manifest.plan?.seed ?? null,
    },
    result,
    interrupted: empty,
    reasons: reasonsOf(story, words),
    totals,
    validity: [
      {
        id: 'dropped-arrivals',
        result: empty ? 'inconclusive' : 'pass',
        because: words(0, empty ? 'No arrival was due.' : '0 of 4,000 arrivals were dropped.'),
        value: empty ? null : 0,
        limit: 0.001,
      },
      {
        id: 'achieved-rate',
        result: story === 'inconclusive' ? 'fail' : 'pass',
        because:
          story === 'inconclusive'
            ? '91.3 % of the offered arrivals were delivered.'
            : '100 % of the offered arrivals were delivered.',
        value: story === 'inconclusive' ? 0.087 : 0,
        limit: 0.01,
      },
      {
        id: 'generator-cpu',
        result: 'pass',
        because: 'The generator used at most 62 % of the machine.',
        value: 0.62,
        limit: 0.8,
      },
    ],
    objectives: objectivesOf(story, words),
    findings,
    notJudged: [
      { invariant: 'double-allocation', because: words(11, 'The pools have no seats.') },
      { invariant: 'sale-window', because: words(4, 'The sale has no opening and no closing.') },
    ],
  };
}

function reasonsOf(story: Story, words: (i: number, clean: string) => string): string[] {
  if (story === 'fail')
    return [
      words(1, 'Invariant oversell-final is violated: 512 tickets of 500 were sold.'),
      'Objective purchase-p99 failed: 1.38 s, limit 300 ms.',
    ];
  if (story === 'pass') return ['All 4 objectives are met and no invariant is violated.'];
  if (story === 'inconclusive')
    return [words(3, 'The load was not delivered: 91.3 % of the offered arrivals.')];
  return [words(4, 'Nothing was recorded: the run was interrupted before the sale opened.')];
}

function objectivesOf(
  story: Story,
  words: (i: number, clean: string) => string,
): ObjectiveResult[] {
  const failing = story === 'fail';
  const latency = failing
    ? { value: 1382, low: 1204, high: 1551 }
    : { value: 182, low: 164, high: 203 };
  const unclear = story === 'inconclusive' ? { value: 290, low: 241, high: 352 } : latency;
  if (story === 'empty') {
    return [
      {
        id: 'purchase-p99',
        kind: 'latency',
        promise: 'p99 of purchase ≤ 300 ms',
        result: 'inconclusive',
        limit: { direction: 'lte', value: 300 },
        measurement: { unit: 'ms', value: null, low: null, high: null, samples: 0, method: 'none' },
        because: words(5, 'There is no sample.'),
      },
      {
        id: 'correct',
        kind: 'invariants',
        promise: 'all invariants hold',
        result: 'inconclusive',
        limit: null,
        measurement: null,
        because: 'Nothing could be decided.',
      },
    ];
  }
  return [
    {
      id: 'purchase-p99',
      kind: 'latency',
      promise: 'p99 of purchase ≤ 300 ms',
      result: failing ? 'fail' : story === 'inconclusive' ? 'inconclusive' : 'pass',
      limit: { direction: 'lte', value: 300 },
      measurement: { unit: 'ms', ...unclear, samples: 4000, method: 'batch means, 20 batches' },
      because: words(6, 'The interval and the limit decide.'),
    },
    {
      id: 'errors',
      kind: 'errorRatio',
      promise: 'errors ≤ 0.1 %',
      result: failing ? 'fail' : 'pass',
      limit: { direction: 'lte', value: 0.001 },
      measurement: {
        unit: 'ratio',
        value: failing ? 0.0395 : 0,
        low: failing ? 0.0337 : 0,
        high: failing ? 0.0461 : 0.00075,
        samples: 4000,
        method: 'exact binomial',
      },
      because: failing ? '158 of 4,000 operations were errors.' : 'No error in 4,000 operations.',
    },
    {
      id: 'goodput',
      kind: 'goodput',
      promise: 'at least 50 purchases/s',
      result: 'pass',
      limit: { direction: 'gte', value: 50 },
      measurement: {
        unit: 'perSecond',
        value: 96.4,
        low: 88.1,
        high: 103,
        samples: 376,
        method: 'batch means, 20 batches',
      },
      because: 'Even the lower bound is above.',
    },
    {
      id: 'correct',
      kind: 'invariants',
      promise: 'all invariants hold',
      result: failing ? 'fail' : 'pass',
      limit: null,
      measurement: null,
      because: failing
        ? 'oversell-final and lost-purchase are violated.'
        : 'No invariant is violated.',
    },
  ];
}
