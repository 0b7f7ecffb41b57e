import {
  doubtOfState,
  type Facts,
  hasMarkOf,
  hasNamelessRows,
  isAsking,
  not,
  type Outcome,
} from '../facts.ts';
import { checkUnasked } from './too-many-rows.ts';

/** A row of the target that nobody of this run asked for. */
export function checkPhantomOrder(facts: Facts): Outcome {
  if (facts.about.intent === null && hasNamelessRows(facts)) return checkUnasked(facts);
  const [row] = facts.shown.rows;
  if (row === undefined) return not('the row');
  const { runId, about, restsOn, pool } = facts;
  if (row.intent !== about.intent) return not('a row of what it is about');
  const doubt = doubtOfState(facts);
  if (doubt !== null) return not(`a final state to rely on: ${doubt}`);
  const asked = facts.operations.some((each) => isAsking(each) || each.kind === 'pay');
  if (!facts.allOperations || asked) {
    return not('that no operation asked for it');
  }
  const { complete } = restsOn.history;
  const { quantity: tickets } = row;
  if (restsOn.plan.planned) {
    if (!complete) return not('a complete history: the buyer was planned and may have been sent');
    return { proven: true, tickets, because: 'its buyer was planned and never sent' };
  }
  if (!complete && restsOn.plan.intents === 0) return not('a plan or a complete history');
  if (hasMarkOf(runId, row.intent)) {
    return {
      proven: true,
      tickets,
      because: 'it bears the mark of the run, which has no such buyer',
    };
  }
  if (!restsOn.fixture.exclusive) return not('that nobody else buys from the pool');
  if (pool === null || pool.id !== row.pool) return not('the pool of the row');
  return { proven: true, tickets, because: 'it is a stranger’s where nobody else buys' };
}
