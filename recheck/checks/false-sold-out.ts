import {
  doubtOfState,
  type Facts,
  isAsking,
  mayHaveHappened,
  not,
  type Operation,
  type Outcome,
} from '../facts.ts';

/** Told *sold out* while even the most that others can have held left enough. */
export function checkFalseSoldOut(facts: Facts): Outcome {
  const { pool, restsOn } = facts;
  if (pool === null) return not('the pool and its capacity');
  const doubt = doubtOfState(facts);
  if (doubt !== null) return not(`a final state to rely on: ${doubt}`);
  if (!restsOn.history.complete) return not('a complete history');
  if (restsOn.history.backward > 0) return not('a clock that did not jump');
  if (!restsOn.state!.exhaustive) return not('the orders of all buyers');
  if (!restsOn.state!.keepsCancelled) return not('cancelled orders, which are not kept');
  if (restsOn.state!.mayLag) return not('a reading that cannot lag behind');
  if (!facts.allOperations) return not('all operations that may have held tickets');
  if (!facts.allRows) return not('all rows of the pool');
  if (facts.mixed === null) return not('the run itself: some buyers asked for different things');
  if (facts.rows.some(facts.isStranger)) return not('a pool without strangers');
  for (const refusal of facts.shown.operations) {
    if (!isSoldOut(refusal) || refusal.intent !== facts.about.intent) continue;
    if (refusal.pool !== pool.id) continue;
    const { tickets, holders } = mostHeld(facts, refusal);
    if (tickets + refusal.quantity > Math.min(pool.capacity, pool.remainingBefore ?? Infinity))
      continue;
    return {
      proven: true,
      tickets,
      operations: holders + 1,
      because: `${refusal.quantity} were refused while at most ${tickets} of ${pool.capacity} can have been held`,
    };
  }
  return not('a refusal that tickets certainly remained for');
}

const isSoldOut = (each: Operation) =>
  isAsking(each) && each.outcome === 'refused' && each.reason === 'sold-out';

/** What an operation that came to nothing can have held for a moment: a refused one at least one ticket too few. */
function momentary(each: Operation): number {
  if (mayHaveHappened(each) || !(isAsking(each) || each.kind === 'pay')) return 0;
  return isSoldOut(each) ? each.quantity - 1 : each.quantity;
}

function mostHeld(facts: Facts, refusal: Operation): { tickets: number; holders: number } {
  const slack = 2 * facts.clockErrorMs;
  const inPool = facts.operations.filter((each) => each.pool === refusal.pool);
  const begun = inPool.filter((each) => each.start <= refusal.end + slack);
  const rows = facts.rows.filter((row) => row.pool === refusal.pool);
  const others = withoutOne(begun, refusal);
  const meanwhile = others.filter(
    (each) => each.end >= refusal.start - slack && momentary(each) > 0,
  );
  const owners = new Set(rows.map((row) => row.intent));
  const holders = others.filter(
    (each) => buys(each) || owners.has(each.intent) || meanwhile.includes(each),
  );
  return {
    tickets: heldForGood(facts, { inPool, begun, rows }) + worstMoment(meanwhile, refusal, slack),
    holders: holders.length,
  };
}

const buys = (each: Operation) => isAsking(each) && mayHaveHappened(each);

/** Operations that are equal in all are two of a kind: only one of them is the refusal. */
function withoutOne(operations: readonly Operation[], one: Operation): Operation[] {
  const text = JSON.stringify(one);
  const place = operations.findIndex((each) => JSON.stringify(each) === text);
  return operations.filter((_, i) => i !== place);
}

/** What is held for a moment only grows when an operation starts, so those moments are enough. */
function worstMoment(meanwhile: readonly Operation[], refusal: Operation, slack: number): number {
  const moments = meanwhile.map(({ start }) => start).filter((at) => at >= refusal.start);
  const heldAt = (at: number) =>
    meanwhile
      .filter((each) => each.start <= at && each.end >= at - slack)
      .reduce((sum, each) => sum + momentary(each), 0);
  return [refusal.start, ...moments].map(heldAt).reduce((most, held) => Math.max(most, held), 0);
}

/**
 * Of each buyer who had begun: what the rows say, or what was or may have been bought, whichever is more. Rows that no
 * buyer of the pool explains may have been there all along.
 */
function heldForGood(
  { mixed }: Facts,
  { inPool, begun, rows }: Record<'inPool' | 'begun', readonly Operation[]> & Pick<Facts, 'rows'>,
): number {
  const buyers = new Set(inPool.filter(isAsking).map((each) => each.intent));
  const owned = new Map<string, number>();
  let held = 0;
  for (const { intent, quantity } of rows) {
    if (intent === null || !buyers.has(intent) || mixed!.has(intent)) held += quantity;
    else owned.set(intent, (owned.get(intent) ?? 0) + quantity);
  }
  const bought = new Map<string, number>();
  for (const each of begun) {
    bought.set(each.intent, (bought.get(each.intent) ?? 0) + (buys(each) ? each.quantity : 0));
  }
  for (const [intent, tickets] of bought) held += Math.max(tickets, owned.get(intent) ?? 0);
  return held;
}
