import { historyOf } from '../../lib/history/columns.ts';
import type { LoadAccount, Manifest } from '../../lib/model/manifest.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { type Objective, slaSchema } from '../../lib/model/sla.ts';
import type { ObjectiveResult } from '../../lib/model/verdict.ts';
import { judgeObjectives, type SlaEvidence } from '../../lib/sla/judge.ts';

/** T₀ of every example. */
export const T0 = 1_700_000_000_000;

/** An operation that was fine, but for what is given; times are ms after T₀. */
export function operation(given: Partial<Operation> = {}): Operation {
  const start = given.start ?? 0;
  const end = given.end ?? start + 10;
  const ok = (given.outcome ?? 'ok') === 'ok';
  return {
    session: 1,
    intent: `intent-${start}`,
    kind: 'purchase',
    pool: 'p',
    quantity: 1,
    outcome: 'ok',
    status: 200,
    reason: ok ? '' : 'http-500',
    reply: '',
    ...given,
    start: T0 + start,
    end: T0 + end,
  };
}

/** One operation every `stepMs` from T₀ on. */
export function series(
  count: number,
  each: (i: number) => Partial<Operation> = () => ({}),
  stepMs = 10,
): Operation[] {
  return Array.from({ length: count }, (_, i) => {
    const given = { intent: `i${i}`, start: i * stepMs, ...each(i) };
    return operation(given);
  });
}

export const soldOut = { outcome: 'refused', status: 400, reason: 'sold-out' } as const;
export const silence = { outcome: 'info', status: 0, reason: 'timeout' } as const;
export const fault = { outcome: 'info', status: 500, reason: 'http-500' } as const;

export const account: LoadAccount = {
  startedAt: T0,
  offered: 0,
  recorded: 0,
  requested: 0,
  complete: true,
  gaps: [],
  generatorCpuRatioMax: 0.5,
  generatorCpuRatioMean: 0.3,
  stealRatio: 0.01,
};

export interface Example {
  readonly objectives?: readonly Record<string, unknown>[];
  readonly validity?: Record<string, unknown>;
  readonly operations?: readonly Operation[];
  /** Offsets of the planned arrivals, ms; intent i has the key `i<i>`. */
  readonly planned?: readonly number[];
  readonly capacity?: number;
  /** Nobody else buys; true where absent. */
  readonly exclusive?: boolean;
  readonly load?: Partial<LoadAccount> | null;
  readonly findings?: SlaEvidence['findings'];
}

/** Evidence with everything that is not given as it should be. */
export function evidence(example: Example): SlaEvidence {
  const { objectives = [{ id: 'x', kind: 'invariants' }], validity = {}, planned = [] } = example;
  const load = example.load === null ? null : { ...account, ...example.load };
  return {
    sla: slaSchema.parse({ apiVersion: 'onsale/v1', validity, objectives }),
    history: historyOf(example.operations ?? []),
    intents: {
      intents: planned.map((offsetMs, i) => ({ key: `i${i}`, pool: 0, quantity: 1, offsetMs })),
    },
    manifest: { load } satisfies Pick<Manifest, 'load'>,
    fixture: {
      exclusive: example.exclusive ?? true,
      pools: [{ id: 'p', name: 'P', capacity: example.capacity ?? 500, remaining: null }],
    },
    findings: example.findings ?? [],
  };
}

/** The result of one objective, called `x`. */
export function judge(
  objective: { kind: Objective['kind'] } & Record<string, unknown>,
  example: Omit<Example, 'objectives'>,
): ObjectiveResult {
  const results = judgeObjectives(
    evidence({ ...example, objectives: [{ id: 'x', ...objective }] }),
  );
  return results[0]!;
}
