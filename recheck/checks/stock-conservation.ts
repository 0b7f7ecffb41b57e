import {
  doubtOfState,
  type Facts,
  hasNamelessRows,
  isAsking,
  isLive,
  mayHaveHappened,
  not,
  type Outcome,
  type Pool,
  ticketsIn,
} from '../facts.ts';
import { acknowledged } from './oversell.ts';

/** Counter and rows disagree, or rows and replies do, in a way that no cancellation and no stranger explains. */
export function checkStockConservation(facts: Facts): Outcome {
  const { pool } = facts;
  if (pool === null) return not('the pool and its capacity');
  const doubt = doubtOfState(facts);
  if (doubt !== null) return not(`a final state to rely on: ${doubt}`);
  if (!facts.allRows) return not('all rows of the pool');
  const byCounter = compareCounter(facts, pool);
  if (byCounter.proven) return byCounter;
  return compareCounters(facts, pool) ?? compareReplies(facts, pool, byCounter.lacking);
}

function compareCounter(facts: Facts, pool: Pool): Outcome {
  const { remainingBefore, remainingAfter, capacity } = pool;
  if (remainingAfter === null) return not('the shop’s counter');
  if (remainingBefore !== null && remainingBefore !== capacity) {
    return not('a counter that agreed with the capacity at first');
  }
  const rows = facts.rows.filter((row) => row.pool === pool.id);
  const tickets = ticketsIn(rows.filter(isLive));
  const excess = capacity - remainingAfter - tickets;
  if (excess === 0) return not('a difference between counter and rows');
  const state = facts.restsOn.state!;
  if (state.mayLag) return not('a reading that cannot lag behind');
  const mayHaveStrangers = !facts.restsOn.fixture.exclusive && rows.some(facts.isStranger);
  if (!state.exhaustive || mayHaveStrangers) return not('a pool without strangers');
  const cancelled = ticketsIn(rows.filter((row) => !isLive(row)));
  if (excess > 0 && (!state.keepsCancelled || excess <= cancelled)) {
    return not('a difference that cancellations do not explain');
  }
  if (excess < 0 && facts.restsOn.fixture.baselineOrders > 0) {
    return not('a difference that older orders do not explain');
  }
  return {
    proven: true,
    tickets,
    because: `of ${capacity} the counter has ${remainingAfter} left, but ${tickets} are in live rows`,
  };
}

/** Two counters of one stock that say two things when all is quiet; null where they do not. */
function compareCounters(facts: Facts, pool: Pool): Outcome | null {
  if (facts.restsOn.state!.mayLag) return null;
  const { remainingBefore, remainingAfter, capacity, counters = [] } = pool;
  const own = remainingBefore === null || remainingBefore === capacity ? remainingAfter : null;
  const told = [...counters.map(({ remaining }) => remaining), ...(own === null ? [] : [own])];
  const other = told.find((left) => left !== told[0]);
  if (counters.length === 0 || other === undefined) return null;
  const live = facts.rows.filter((row) => row.pool === pool.id && isLive(row));
  const because = `of one stock one counter has ${told[0]} left, another ${other}`;
  return { proven: true, tickets: ticketsIn(live), because };
}

function compareReplies(facts: Facts, pool: Pool, lacking: string): Outcome {
  if (!facts.allOperations) return not(`${lacking}, or all operations of the pool`);
  if (facts.mixed === null || facts.cancelled === null) return not(`${lacking}, or the run itself`);
  const live = facts.rows.filter((row) => row.pool === pool.id && isLive(row));
  const tickets = ticketsIn(live);
  const ours = ticketsIn(live.filter((row) => !facts.isStranger(row)));
  const promised = acknowledged(facts, pool.id, false);
  if (ours < promised && hasNamelessRows(facts)) return not('rows that all name an intent');
  if (ours < promised && facts.restsOn.state!.keepsCancelled && !facts.restsOn.state!.mayLag) {
    return { proven: true, tickets, because: `${promised} were acknowledged, ${ours} are in rows` };
  }
  const possible = facts.operations
    .filter((each) => each.pool === pool.id && isAsking(each) && mayHaveHappened(each))
    .reduce((sum, { quantity }) => sum + quantity, facts.restsOn.history.ticketsElsewhere);
  if (ours > possible && facts.restsOn.history.complete) {
    return {
      proven: true,
      tickets,
      because: `${ours} are in rows, at most ${possible} were bought`,
    };
  }
  return not(lacking);
}
