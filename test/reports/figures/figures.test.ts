import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HistoryBuilder } from '../../../lib/history/columns.ts';
import { operationAt } from '../../../lib/history/history.ts';
import type { Figure } from '../../../lib/model/figure.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import { errorsOverTime } from '../../../reports/figures/errors-over-time.ts';
import { figuresOf } from '../../../reports/figures/figures.ts';
import { quantileOf, sortedByGroup } from '../../../reports/figures/latencies.ts';
import { latencyByPercentile } from '../../../reports/figures/latency-by-percentile.ts';
import { latencyOverTime } from '../../../reports/figures/latency-over-time.ts';
import { salesOverTime } from '../../../reports/figures/sales-over-time.ts';
import type { ReportInput } from '../../../reports/report.ts';
import { exampleRun, T0 } from '../example.ts';

type Sketch = Partial<Operation> & { readonly startMs: number; readonly tookMs: number };

/** A run of exactly these operations, times from T₀. */
function runOf(sketches: readonly Sketch[]): ReportInput {
  const builder = new HistoryBuilder();
  sketches.forEach(({ startMs, tookMs, ...rest }, i) => {
    builder.add({
      session: 1,
      intent: `onsale-demo-${i}`,
      kind: 'purchase',
      pool: 'stalls',
      quantity: 1,
      start: T0 + startMs,
      end: T0 + startMs + tookMs,
      outcome: 'ok',
      status: 200,
      reason: '',
      reply: '',
      ...rest,
    });
  });
  return { ...exampleRun({ story: 'pass', buyers: 10 }), history: builder.build() };
}

const ys = (figure: Figure, label: string) =>
  figure.series.find((series) => series.label.startsWith(label))!.points.map(({ y }) => y);

describe('latency over time', () => {
  it('leaves a gap, not a zero, where nobody began', () => {
    const figure = latencyOverTime(
      runOf([
        { startMs: 0, tookMs: 5 },
        { startMs: 1000, tookMs: 7 },
      ]),
    );
    const p50 = ys(figure, 'p50');
    expect(p50[0]).toBe(5);
    expect(p50.at(-1)).toBe(7);
    expect(p50.slice(1, -1).every((y) => y === null)).toBe(true);
  });

  it('draws a run of a single millisecond', () => {
    const figure = latencyOverTime(runOf([{ startMs: 0, tookMs: 1 }]));
    expect(ys(figure, 'p99')).toEqual([1]);
  });

  it('counts an unanswered purchase as the time-out at least', () => {
    const figure = latencyOverTime(
      runOf([{ startMs: 0, tookMs: 1, outcome: 'fail', status: 0, reason: 'connection-refused' }]),
    );
    expect(ys(figure, 'p50')).toEqual([3000]);
  });

  it('says so in its title where a figure has no end', () => {
    const input = exampleRun({ story: 'pass' });
    const titled = (totals: object) =>
      latencyOverTime({
        ...input,
        verdict: { ...input.verdict, totals: { ...input.verdict.totals, ...totals } },
      }).title;
    expect(titled({ latencyMsP50: 5, latencyMsP99: null })).toBe(
      'Latency: half of 4,000 within 5 ms, over 1 % never told how it ended',
    );
    expect(titled({ latencyMsP50: null, latencyMsP99: null })).toBe(
      'Latency: half of 4,000 or more were never told how it ended',
    );
  });

  it('agrees with a naive count of every slice', () => {
    const input = exampleRun({ story: 'fail', buyers: 3000 });
    const { history, manifest } = input;
    const figure = latencyOverTime(input);
    const [p50] = figure.series;
    const half = (p50!.points[1]!.x - p50!.points[0]!.x) / 2;
    for (const { x, y } of p50!.points) {
      const latencies: number[] = [];
      for (let i = 0; i < history.length; i++) {
        const { start, end, status, outcome } = operationAt(history, i);
        const seconds = (start - T0) / 1000;
        if (seconds < x - half - 1e-9 || seconds >= x + half - 1e-9) continue;
        latencies.push(
          status === 0 || outcome === 'info'
            ? Math.max(end - start, manifest.plan!.timeoutMs)
            : end - start,
        );
      }
      latencies.sort((a, b) => a - b);
      expect(y).toBe(latencies[Math.ceil(latencies.length / 2) - 1] ?? null);
    }
  });

  it('marks the limits of the latency objectives, and no others', () => {
    const { marks } = latencyOverTime(exampleRun({ story: 'fail' }));
    expect(marks).toEqual([{ y: 300, label: 'p99 of purchase ≤ 300 ms' }]);
  });
});

describe('errors over time', () => {
  it('counts every error once, whatever its reason, and nobody who was turned away', () => {
    const input = exampleRun({ story: 'fail', hostile: true });
    const { outcomes } = input.verdict.totals;
    const figure = errorsOverTime(input);
    const sum = (axis: string | undefined) =>
      figure.series
        .filter((series) => series.axis === axis)
        .flatMap(({ points }) => points.map(({ y }) => y ?? 0))
        .reduce((a, b) => a + b, 0);
    expect(sum(undefined)).toBe(outcomes.fail + outcomes.info);
    expect(sum('right')).toBe(outcomes.refused);
  });

  it('names why buyers were turned away, as a promise may take some of it for errors', () => {
    const away = (reason: string, n: number) =>
      Array.from({ length: n }, (_, i) => ({
        startMs: i,
        tookMs: 1,
        outcome: 'refused' as const,
        status: 409,
        reason,
      }));
    const input = runOf([
      ...away('seat-taken', 2),
      ...away('sold-out', 3),
      ...away('a', 1),
      ...away('b', 1),
    ]);
    expect(errorsOverTime(input).title).toBe(
      'Errors: none in 7 operations; 7 turned away (sold-out 3, seat-taken 2, a 1, …)',
    );
  });

  it('folds the rarer of many reasons into one series', () => {
    const many = Array.from({ length: 300 }, (_, i) => ({
      startMs: i,
      tookMs: 1,
      outcome: 'info' as const,
      status: 500,
      reason: i < 50 ? 'http-500' : `odd-${i}`,
    }));
    const { series } = errorsOverTime(runOf(many));
    expect(series).toHaveLength(5);
    expect(series[0]!.label).toBe('http-500 (50)');
    expect(series[4]!.label).toBe('247 other kinds (247)');
  });

  it('says that there were none', () => {
    const input = exampleRun({ story: 'pass' });
    const away = input.verdict.totals.outcomes.refused.toLocaleString('en-US');
    expect(errorsOverTime(input).title).toBe(
      `Errors: none in 4,000 operations; ${away} turned away (sold-out ${away})`,
    );
  });
});

describe('a history of several kinds', () => {
  const pages = Array.from({ length: 200 }, (_, i) => ({
    startMs: i,
    tookMs: 2,
    kind: 'view' as const,
  }));
  const slow = { startMs: 10, tookMs: 800, kind: 'hold', quantity: 3 } as const;
  const paid = {
    ...slow,
    intent: 'onsale-demo-200',
    kind: 'pay',
    startMs: 900,
    tookMs: 50,
  } as const;
  const untold = { startMs: 20, tookMs: 30, kind: 'cancel', outcome: 'info', status: 500 } as const;
  const mixed = runOf([...pages, slow, paid, { ...untold, reason: 'http-500' }]);

  it('has a latency line a kind, so that quick pages do not hide a slow hold', () => {
    for (const figure of [latencyOverTime(mixed), latencyByPercentile(mixed)]) {
      const found = figure.series.map(({ label }) => label.replace('p95 of ', ''));
      expect(found).toEqual(['hold', 'pay', 'cancel', 'view']);
      expect(figure.title).toMatch(
        /of hold 800 ms, of pay 50 ms, of cancel never told how it ended$/,
      );
      expect(new Set(figure.series.map(({ role }) => role)).size).toBe(4);
      expect(`${figure.title} ${figure.description}`).not.toContain('purchase');
    }
    expect(Math.max(...ys(latencyOverTime(mixed), 'p95 of hold').map((y) => y ?? 0))).toBe(800);
    expect(Math.max(...ys(latencyOverTime(mixed), 'p95 of view').map((y) => y ?? 0))).toBe(2);
  });

  it('sells what is paid, and nothing of what is only looked at', () => {
    const sales = salesOverTime(mixed);
    expect(ys(sales, 'requested').at(-1)).toBe(3);
    expect(ys(sales, 'sold').at(-1)).toBe(3);
  });

  it('is named by its kind where it has but one', () => {
    const holds = runOf([{ ...slow }]);
    expect(latencyByPercentile(holds).series[0]!.label).toBe('every hold');
    expect(latencyOverTime(holds).description).toContain('p99 of each hold');
  });
});

describe('sales over time', () => {
  it('ends at what was sold, requested and offered', () => {
    const input = exampleRun({ story: 'fail' });
    const figure = salesOverTime(input);
    const tickets = input.intents.intents.reduce((sum, { quantity }) => sum + quantity, 0);
    expect(ys(figure, 'sold').at(-1)).toBe(input.verdict.totals.soldAcknowledged);
    expect(ys(figure, 'requested').at(-1)).toBe(tickets);
    expect(ys(figure, 'offered').at(-1)).toBe(tickets);
    expect(figure.marks[0]!.y).toBe(500);
  });

  it('never falls', () => {
    for (const { points } of salesOverTime(exampleRun({ story: 'fail' })).series) {
      points.forEach(({ y }, i) => {
        expect(y!).toBeGreaterThanOrEqual(points[i - 1]?.y ?? 0);
      });
    }
  });
});

describe('latency by percentile', () => {
  it('ends at the slowest and never falls', () => {
    const [all] = latencyByPercentile(exampleRun({ story: 'fail' })).series;
    expect(all!.points.at(-1)!.y).toBe(3000);
    all!.points.forEach(({ x, y }, i) => {
      expect(x).toBeLessThan(100);
      expect(y!).toBeGreaterThanOrEqual(all!.points[i - 1]?.y ?? 0);
    });
  });
});

describe('quantiles and groups', () => {
  it('are the smallest value that enough do not exceed', () => {
    const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 999 }), (list, permille) => {
        const found = quantileOf(Float64Array.from(list).sort(), permille / 1000)!;
        const below = (limit: number) => list.filter((value) => value <= limit).length;
        expect(below(found) * 1000).toBeGreaterThanOrEqual(permille * list.length);
        expect(below(found - 1) * 1000).toBeLessThan(permille * list.length);
      }),
    );
  });

  it('are those of each group alone', () => {
    const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer()), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(entries, (list) => {
        const groups = Int32Array.from(list, ([group]) => group);
        const values = Float64Array.from(list, ([, value]) => value);
        const sorted = sortedByGroup(groups, values, 5).map((group) => Array.from(group));
        const naive = [0, 1, 2, 3, 4].map((group) =>
          list
            .filter(([of]) => of === group)
            .map(([, value]) => value)
            .sort((a, b) => a - b),
        );
        expect(sorted).toEqual(naive);
      }),
    );
  });
});

describe('every figure', () => {
  it('has a title, an axis with a unit, few points and a finite range, for any run', () => {
    for (const story of ['pass', 'fail', 'inconclusive', 'empty'] as const) {
      for (const figure of figuresOf(exampleRun({ story, hostile: story === 'fail' }))) {
        expect(figure.title).not.toBe('');
        expect(figure.x.max).toBeGreaterThan(0);
        for (const { points } of figure.series) {
          expect(points.length).toBeLessThan(400);
          for (const { x, y } of points)
            expect(Number.isFinite(x) && Number.isFinite(y ?? 0)).toBe(true);
        }
      }
    }
  });

  it('keeps its number of points for an hour and 200,000 operations', () => {
    const input = exampleRun({ story: 'fail', buyers: 200_000, durationMs: 3_600_000 });
    for (const figure of figuresOf(input)) {
      expect(figure.series.flatMap(({ points }) => points).length).toBeLessThan(1000);
    }
    expect(figuresOf(input)[0]!.x.label).toMatch(/^minutes/);
  });
});
