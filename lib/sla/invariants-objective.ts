import type { Finding } from '../model/finding.ts';
import type { Objective } from '../model/sla.ts';
import type { ObjectiveResult } from '../model/verdict.ts';
import { promiseOf } from './words.ts';

type InvariantsObjective = Extract<Objective, { kind: 'invariants' }>;

/**
 * Violated > unknown > holds over the invariants asked for: any violated fails, any unknown is inconclusive, as is an
 * invariant asked for that nobody decided, and asking for none.
 */
export function judgeInvariants(
  objective: InvariantsObjective,
  findings: readonly Finding[],
): ObjectiveResult {
  const { only, except = [] } = objective;
  const asked = (only ?? findings.map(({ invariant }) => invariant)).filter(
    (id) => !except.includes(id),
  );
  const byId = new Map(findings.map((finding) => [finding.invariant, finding.value]));
  const withValue = (value: Finding['value']) =>
    asked.filter((id) => (byId.get(id) ?? 'unknown') === value);
  const [violated, unknown] = [withValue('violated'), withValue('unknown')];
  const undecided = asked.length === 0 || unknown.length > 0;
  const because =
    asked.length === 0
      ? 'no invariant was asked about, so nothing was shown'
      : violated.length > 0
        ? `violated: ${violated.join(', ')}`
        : unknown.length > 0
          ? `could not be decided: ${unknown.join(', ')}`
          : `all ${asked.length} invariants hold`;
  return {
    id: objective.id,
    kind: objective.kind,
    promise: promiseOf(objective),
    result: violated.length > 0 ? 'fail' : undecided ? 'inconclusive' : 'pass',
    limit: null,
    measurement: null,
    because: because.slice(0, 500),
  };
}
