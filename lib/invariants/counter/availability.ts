import { INFO, isAcquire, OK } from '../../history/history.ts';
import { rowsApart } from '../held-tickets.ts';
import type { Evidence } from '../invariant.ts';
import { type Sale, saleOf } from '../sale.ts';
import { Counter } from './counter.ts';
import { type PoolStock, stocksOf } from './pool-stock.ts';
import { leniently, type PoolSightings, type Seen, sightingsOf } from './sightings.ts';

/** Everything about the counters of a sale that claims about reads share. */
export interface Availability {
  readonly slackMs: number;
  /** From the first start to the last end. */
  readonly spanMs: number;
  /** One for each of the sale's pools. */
  readonly pools: readonly PoolAvailability[];
  /** Why nothing can be violated here, in words; null where it can. */
  readonly doubt: string | null;
}

export interface PoolAvailability extends PoolSightings {
  readonly pool: number;
  readonly stock: PoolStock;
  readonly counter: Counter;
  /** The same for a shop that did not keep to its replies; made when it is asked for. */
  readonly lenient: () => { readonly stock: PoolStock; readonly counter: Counter };
  /** Without what others may explain. */
  readonly leniently: (seen: Seen) => Seen;
  /** Nobody else can have bought. */
  readonly closed: boolean;
  /** Why nothing can be violated in this pool; null where it can. */
  readonly doubt: string | null;
}

const availabilities = new WeakMap<Evidence, Availability>();

/** O(n log n) for n operations; worked out once for each evidence. */
export function availabilityOf(evidence: Evidence): Availability {
  const known = availabilities.get(evidence);
  if (known !== undefined) return known;
  const sale = saleOf(evidence);
  const slackMs = 2 * evidence.clockErrorMs;
  const strict = stocksOf(evidence, sale, false);
  let lenient: PoolStock[] | null = null;
  const isClosed = closedPools(evidence, sale);
  const pools = sale.pools.map((_, pool): PoolAvailability => {
    const stock = strict[pool]!;
    const closed = isClosed(pool);
    return {
      pool,
      ...sightingsOf(evidence, sale, pool),
      stock,
      counter: new Counter(stock, slackMs),
      lenient: () => {
        lenient ??= stocksOf(evidence, sale, true);
        return { stock: lenient[pool]!, counter: new Counter(lenient[pool]!, slackMs) };
      },
      leniently: (seen) => leniently(seen, { momentary: stock.momentary, closed, slackMs }),
      closed,
      doubt: doubtOf(evidence, sale, { pool, stock }),
    };
  });
  const spanMs = spanOf(evidence);
  const availability = { slackMs, spanMs, pools, doubt: generalDoubt(evidence) };
  availabilities.set(evidence, availability);
  return availability;
}

/** Somebody vouches that nobody else buys; or every order there ever was has been read, and all are ours. */
function closedPools(evidence: Evidence, sale: Sale): (pool: number) => boolean {
  const { fixture, history, state } = evidence;
  const elsewhere = history.outcome.some(
    (outcome, i) =>
      sale.operationPool[i]! < 0 && isAcquire(history, i) && (outcome === OK || outcome === INFO),
  );
  if (elsewhere) return () => false;
  if (fixture.exclusive === true) return () => true;
  const listed = state !== null && sale.gaps.state.length === 0;
  if (!listed || !state.exhaustive || !state.keepsCancelled || state.mayLag === true) {
    return () => false;
  }
  const { strangers } = rowsApart(sale);
  return (pool) => strangers[pool] === 0;
}

function spanOf({ history }: Evidence): number {
  const [first = 0] = history.start;
  let last = first;
  for (let i = 0; i < history.length; i++) last = Math.max(last, history.end[i]!);
  return last - first;
}

function generalDoubt({ history, historyComplete }: Evidence): string | null {
  if (!historyComplete)
    return 'The history is not complete, so tickets may have gone or come back unseen: run again.';
  for (let i = 0; i < history.length; i++) {
    if (history.end[i]! < history.start[i]!) {
      return 'Operations end before they start: the clock jumped; run again.';
    }
  }
  return null;
}

function doubtOf(
  { fixture }: Evidence,
  sale: Sale,
  { pool, stock }: { readonly pool: number; readonly stock: PoolStock },
): string | null {
  const { id, capacity, remaining } = sale.pools[pool]!;
  const isOnce = fixture.pools.filter((each) => each.id === id).length === 1;
  if (!isOnce || (remaining !== null && remaining !== capacity)) {
    return `How many tickets pool ${id} had at first is not certain: name what was left, once.`;
  }
  if (fixture.baselineOrders.length > 0) {
    return 'Orders from before the run may have been given back in it: start from pools without orders.';
  }
  if (stock.unclear) {
    return 'Tickets came back of which nobody knows whose they were: give each intent its own key, and one wish.';
  }
  return null;
}
