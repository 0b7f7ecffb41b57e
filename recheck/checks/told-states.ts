import {
  type Facts,
  isAsking,
  mayHaveHappened,
  not,
  type Operation,
  type Outcome,
} from '../facts.ts';

/** A state was told after an acknowledgement of the same intent that does not know of it. */
export function checkStates(facts: Facts): Outcome {
  const { restsOn, shown, about, operations } = facts;
  if (!restsOn.history.complete) return not('a complete history');
  if (restsOn.history.backward > 0) return not('a clock that did not jump');
  if (!facts.allOperations) return not('all operations of the buyer');
  if (restsOn.state !== null && !facts.allRows) return not('all rows of the pool');
  const slack = 2 * facts.clockErrorMs;
  const isDeed = ({ kind }: Operation) => kind !== 'availability' && kind !== 'view';
  const own = operations.filter((each) => each.intent === about.intent && isDeed(each));
  for (const status of shown.operations) {
    if (status.kind !== 'status' || status.outcome !== 'ok' || status.mayLag === true) continue;
    for (const write of shown.operations) {
      if (write.outcome !== 'ok' || write.end + slack >= status.start) continue;
      if (write.intent !== about.intent || status.intent !== about.intent) continue;
      const { order } = status;
      if (order !== undefined && write.order !== undefined && order !== write.order) continue;
      const because = faultOfState(facts, { write, status, own, slack });
      if (because !== null) return { proven: true, because, tickets: 0, operations: own.length };
    }
  }
  return not('a state that leaves out what was done');
}

interface Told {
  readonly write: Operation;
  readonly status: Operation;
  readonly own: readonly Operation[];
  readonly slack: number;
}

function faultOfState(facts: Facts, { write, status, own, slack }: Told): string | null {
  const takes = own.filter((each) => isAsking(each) && mayHaveHappened(each));
  const said = `a state was told as ${status.state} after a ${write.kind} was acknowledged`;
  if (status.state === 'none') {
    return isAsking(write) && !mayBeForgotten(facts, { write, status, own, slack }) ? said : null;
  }
  if (takes.length !== 1) return null;
  if (write.kind === 'pay') return status.state === 'held' ? said : null;
  if (write.kind !== 'cancel' || !(status.state === 'held' || status.state === 'paid')) return null;
  const before = own.filter(({ outcome, end }) => outcome === 'ok' && end + slack < write.start);
  // What was cancelled before it was there may come yet.
  if (!before.some(showsOrder)) return null;
  const pays = own.filter((each) => each.kind === 'pay' && mayHaveHappened(each));
  return pays.every((each) => before.includes(each)) ? said : null;
}

const showsOrder = (each: Operation) =>
  isAsking(each) ||
  each.kind === 'pay' ||
  (each.kind === 'status' && each.state !== undefined && each.state !== 'none');

function mayBeForgotten(facts: Facts, { status, own, slack }: Told): boolean {
  const { clockSkewMs = 0, holdMs = 0 } = facts.restsOn.fixture.rules ?? {};
  const { state } = facts.restsOn;
  const rows = facts.rows.filter(({ intent }) => intent === status.intent);
  if (rows.some((row) => row.status !== 'live')) return true;
  const live = rows.reduce((sum, { quantity }) => sum + quantity, 0);
  const asked = own.find(isAsking)?.quantity ?? 0;
  if (state?.keepsCancelled === false && live < asked) return true;
  const until = status.end + slack;
  return own.some((each) => {
    if (!mayHaveHappened(each)) return false;
    if (each.kind === 'cancel') return each.start <= until;
    const expiry =
      each.expiresAt === undefined ? each.start + holdMs : each.expiresAt - clockSkewMs;
    return each.kind === 'hold' && expiry <= until;
  });
}
