import { type History, isAcquire } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import {
  type Availability,
  availabilityOf,
  type PoolAvailability,
} from './counter/availability.ts';
import { type Contradiction, explain, shownOf, sizeOf } from './counter/contradiction.ts';
import type { Counter } from './counter/counter.ts';
import { companyGaps, readGaps } from './counter/read-gaps.ts';
import { hasOrder, LOOKS_MAX } from './counter/search.ts';
import { delayed, isRead, joined, picked, type Seen } from './counter/sightings.ts';
import { leastDelayMs } from './counter/staleness.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { saleOf } from './sale.ts';

/*
 * Claims: reads of what is left fit one order of events: every number was right at some moment between its request and its
 * reply, together with the sales, the cancellations and the refusals as sold out of the same pool. counter/counter.ts
 * says when they do not; with single tickets that never come back that is exact. Else what contradicts nothing holds only
 * where counter/search.ts finds an order. A read that its target declares to lag violates nothing; it is told how far behind
 * such reads are at least (`stalenessMsMin`). Nor is a read accused of what single purchases are guilty of: a refusal that no
 * sale explains, an acknowledged ticket that the final state does not have, one that nobody bought.
 *
 * Cannot see: numbers too low in a shop where others may have bought, or while operations that came to nothing may have held
 * tickets (*unknown*); that more is sold than there is (*unknown* where a number is negative); orders of larger quantities in long histories (*unknown*).
 *
 * Witness: the read, the earlier sighting that it contradicts, if it is not the beginning, and fewest operations between.
 */
interface Judged {
  readonly pool: PoolAvailability;
  readonly found: readonly Found[];
  /** What keeps the pool's reads from being shown to fit, in words, if nothing is found; null where they fit. */
  readonly missing: string | null;
  readonly stalenessMsMin: number | null;
}

interface Found {
  readonly contradiction: Contradiction;
  readonly count: number;
}

/** The sightings that a claim about reads goes by: refusals that even sales alone do not explain are another claim's. */
export function sightingsToJudge(counter: Counter, reads: Seen, refusals: Seen): Seen {
  const wrong = new Set(counter.contradicted(refusals, 'fewer'));
  const right = Array.from(refusals.operation.keys()).filter((place) => !wrong.has(place));
  return joined(reads, picked(refusals, right));
}

const directions = ['more', 'fewer'] as const;

function fits(counter: Counter, seen: Seen): boolean {
  return directions.every((direction) => counter.contradicted(seen, direction).length === 0);
}

function judge(availability: Availability, pool: PoolAvailability): Judged {
  const { counter, reads, refusals, lagging } = pool;
  const { spanMs } = availability;
  const seen = sightingsToJudge(counter, reads, refusals);
  if (fits(counter, seen)) {
    const late = lagging.length === 0 ? 0 : leastDelay(counter, spanMs, { lagging, others: seen });
    const missing =
      late === null
        ? NEVER_RIGHT
        : orderMissing(pool, joined(seen, delayed(lagging, late)), availability);
    return { pool, found: [], missing, stalenessMsMin: lagging.length === 0 ? null : late };
  }
  const doubt = availability.doubt ?? pool.doubt;
  if (doubt !== null) return { pool, found: [], missing: doubt, stalenessMsMin: null };
  const found = certainlyFound(availability, pool);
  const others = picked(seen, []);
  const stalenessMsMin = leastDelay(counter, spanMs, { lagging: seen, others });
  return { pool, found, missing: excuseOf(pool), stalenessMsMin };
}

const NEVER_RIGHT =
  'Reads that may lag behind show numbers that were never right, however late they may be: others may have bought.';

function excuseOf({ closed }: PoolAvailability): string {
  return closed
    ? 'Reads fit no order, but tickets held for a moment by purchases that came to nothing, or wrong replies that other ' +
        'invariants find, could explain it.'
    : 'Reads show fewer tickets than this run’s buyers left; others may have bought: read all orders (over SQL) of a ' +
        'shop that nobody else uses.';
}

/** Contradictions that nothing excuses; the smallest proof of each direction. */
function certainlyFound({ slackMs }: Availability, pool: PoolAvailability): Found[] {
  const { stock, counter } = pool.lenient();
  const refusals = pool.leniently(pool.refusals);
  const seen = sightingsToJudge(counter, pool.leniently(pool.reads), refusals);
  return directions.flatMap((direction) => {
    const places = counter.contradicted(seen, direction);
    const proofs = places
      .slice(0, EXPLAINED_MAX)
      .flatMap((place) => explain({ stock, seen, slackMs }, direction, place) ?? [])
      .sort((a, b) => sizeOf(a) - sizeOf(b));
    const [contradiction] = proofs;
    return contradiction === undefined ? [] : [{ contradiction, count: places.length }];
  });
}

/** As many contradictions are looked at for the smallest proof. */
const EXPLAINED_MAX = 20;

/**
 * The least delay of the lagging reads, beside others that have none, for which all fit. No read can have come from before
 * the run, so its length is delay enough. Each direction by itself can only get better with more delay.
 */
function leastDelay(
  counter: Counter,
  spanMs: number,
  { lagging, others }: { readonly lagging: Seen; readonly others: Seen },
): number | null {
  const both = joined(lagging, others);
  const lateBy = (ms: number) => {
    const start = both.start.map((at, i) => (i < lagging.length ? at - ms : at));
    return { ...both, start };
  };
  return directions.reduce<number | null>((least, direction) => {
    if (least === null) return null;
    const among = counter.contradicted(lateBy(least), direction);
    const fits = (ms: number) => {
      const late = lateBy(ms);
      return counter.contradicted(late, direction, { of: picked(late, among) }).length === 0;
    };
    return among.length === 0 ? least : leastDelayMs(fits, { least, most: spanMs });
  }, 0);
}

function orderMissing(
  { stock }: PoolAvailability,
  seen: Seen,
  { slackMs, pools }: Availability,
): string | null {
  const looksMax = Math.floor(LOOKS_MAX / pools.length);
  if (stock.isExact || hasOrder(stock, seen, { slackMs, looksMax })) return null;
  return (
    'Tickets went several at a time or came back, and among the many orders of events that are possible none was found ' +
    'that fits all reads: sell single tickets to decide it.'
  );
}

/** The contradiction with the smallest proof in all pools, as far as any is certain. */
export function worstContradiction(evidence: Evidence): Worst | null {
  return worstOf(judgeAll(evidence));
}

interface Worst {
  readonly pool: number;
  readonly contradiction: Contradiction;
}

function worstOf(judged: readonly Judged[]): Worst | null {
  const all = judged.flatMap(({ pool, found }) =>
    found.map(({ contradiction }) => ({ pool: pool.pool, contradiction })),
  );
  const size = (each: Worst) => sizeOf(each.contradiction);
  return all.reduce<Worst | null>((a, b) => (a === null || size(b) < size(a) ? b : a), null);
}

function judgeAll(evidence: Evidence): Judged[] {
  const availability = availabilityOf(evidence);
  return availability.pools
    .filter(({ reads, lagging }) => reads.length + lagging.length > 0)
    .map((pool) => judge(availability, pool));
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const judged = judgeAll(evidence);
  const delays = judged.flatMap(({ stalenessMsMin }) => stalenessMsMin ?? []);
  const stalenessMsMin = delays.length === 0 ? null : Math.max(...delays);
  const worst = worstOf(judged);
  if (worst !== null) return asViolation(evidence, judged, { ...worst, stalenessMsMin });
  const reads = judged.reduce((sum, { pool }) => sum + pool.reads.length, 0);
  const lagging = judged.reduce((sum, { pool }) => sum + pool.lagging.length, 0);
  const none = 'Nobody read how many tickets are left: let buyers look while others buy.';
  const missing = [
    ...readGaps(evidence),
    ...(reads + lagging === 0 ? [none] : companyGaps(evidence)),
    ...judged.flatMap(({ missing }) => missing ?? []),
    ...(evidence.history.details?.value.some((value) => value < 0) ? [BELOW_NOTHING] : []),
  ];
  return holdsUnless('stale-availability', {
    missing: [...new Set(missing)],
    summary:
      `${counted(reads, 'read')} of what is left, none of them certainly wrong.` +
      laggingWords(lagging, stalenessMsMin),
    witness: witnessOf(evidence, {
      operations: judged.flatMap(({ pool }) => [...pool.reads.operation.subarray(0, 2)]),
      pools: sale.pools.keys(),
      figures: { reads, lagging, ...(stalenessMsMin === null ? {} : { stalenessMsMin }) },
    }),
  });
}

const BELOW_NOTHING =
  'A read said that fewer than none are left: more was sold than there is, or the number is wrong.';

function laggingWords(lagging: number, stalenessMsMin: number | null): string {
  if (lagging === 0 || stalenessMsMin === null) return '';
  return ` ${counted(lagging, 'read')} declared to lag: at least ${stalenessMsMin} ms behind at the worst.`;
}

function asViolation(
  evidence: Evidence,
  judged: readonly Judged[],
  worst: Worst & { readonly stalenessMsMin: number | null },
): Finding {
  const sale = saleOf(evidence);
  const { pool, contradiction, stalenessMsMin } = worst;
  const { id, capacity } = sale.pools[pool]!;
  const count = judged.reduce(
    (sum, { found }) => found.reduce((own, each) => own + each.count, sum),
    0,
  );
  const { earlier, later, direction, certain, against } = contradiction;
  const said = (i: number) => sightingWords(evidence.history, i);
  const since = earlier === null ? `since all ${capacity} were left` : `since ${said(earlier)}`;
  const moved =
    direction === 'more'
      ? `${counted(certain, 'ticket')} had certainly gone ${since}, and at most ${against} come back`
      : `at most ${counted(against, 'ticket')} can have gone ${since}, and ${certain} certainly came back`;
  const late = stalenessMsMin === null ? '' : ` Reads are at least ${stalenessMsMin} ms late.`;
  return violated('stale-availability', {
    count,
    summary: `${counted(count, 'answer')} fit no order: in pool ${id} ${said(later)} when ${moved}.${late}`,
    witness: witnessOf(evidence, {
      operations: shownOf(evidence, sale, { contradiction, pool, besides: [] }),
      pools: [pool],
      figures: {
        capacity,
        certain,
        against,
        ...(stalenessMsMin === null ? {} : { stalenessMsMin }),
      },
    }),
  });
}

function sightingWords(history: History, i: number): string {
  if (isRead(history, i)) return `a read said ${history.details!.value[i]!}`;
  return isAcquire(history, i) ? `${counted(history.quantity[i]!, 'ticket')} were refused` : '';
}

export const staleAvailability: Invariant = {
  id: 'stale-availability',
  statement: 'What is said to be left fits one order of events',
  needs: ['availability'],
  isBeside: ({ history }) =>
    history.kind.some((_, i) => isRead(history, i))
      ? null
      : 'Nobody read how many tickets are left.',
  decide,
};
