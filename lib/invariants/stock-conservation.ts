import { isForGood, STRANGER, UNPLANNED, UNSENT } from '../history/attribution.ts';
import { INFO, isAcquire, OK } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import type { Pool } from '../model/fixture.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import type { Sale } from './sale.ts';
import { acknowledgedByPool, endedSo, namelessGaps, saleOf } from './sale.ts';

/*
 * Claims, for each pool: the tickets that the shop's counter says are gone are those in live rows, whoever bought them;
 * where it has several counters, in the settled state all say the same;
 * and this run's rows hold no fewer tickets than were acknowledged, and no more than were acknowledged or may have been
 * sold (`info`). The upper bound counts operations, not intents: a retry that booked twice took stock twice.
 *
 * Cannot see: who took or gave back tickets that a partial listing hides, a stranger held (where nobody vouches that
 * there is none), or a cancellation may or may not have returned, nor whether a copy that lags shows counter and rows of one moment: a difference that any of these
 * could explain is *unknown*. Sums hide errors that cancel out, so while any single intent is out of balance the sums
 * never make it *holds*.
 *
 * Witness: the pool with the largest difference, and the sums.
 */
interface Account {
  readonly pool: number;
  readonly capacity: number;
  /** Null where the shop does not tell, or tells two things. */
  readonly remaining: number | null;
  /** What each of its counters says is left, by name; the shop's own is the one without a name. */
  readonly counters: ReadonlyMap<string, number>;
  /** Tickets in live rows: all, and this run's. */
  sold: number;
  soldToUs: number;
  strangers: number;
  cancelled: number;
  acknowledged: number;
  /** The most that operations can have bought. */
  possible: number;
  /** Intents whose own rows do not fit their outcome, and rows without an operation. */
  unbalanced: number;
}

function accountsOf(evidence: Evidence, sale: Sale): Account[] {
  const acknowledged = acknowledgedByPool(sale);
  const accounts = sale.pools.map(
    ({ id, capacity }, pool): Account => ({
      pool,
      capacity,
      remaining: remainingOf(evidence, id),
      counters: countersOf(evidence, id),
      sold: 0,
      soldToUs: 0,
      strangers: 0,
      cancelled: 0,
      acknowledged: acknowledged[pool]!,
      possible: 0,
      unbalanced: 0,
    }),
  );
  countRows(sale, accounts);
  const { history } = evidence;
  for (let i = 0; i < history.length; i++) {
    const account = accounts[sale.operationPool[i]!];
    if (!isAcquire(history, i)) continue;
    if (history.outcome[i] !== OK && history.outcome[i] !== INFO) continue;
    // A purchase from nobody knows which pool may have been one from any.
    for (const each of account === undefined ? accounts : [account]) {
      each.possible += history.quantity[i]!;
    }
  }
  for (let intent = 0; intent < sale.wants.length; intent++) {
    const account = accounts[sale.wants.pool[intent]!];
    if (account !== undefined && isUnbalanced(sale, intent)) account.unbalanced++;
  }
  return accounts;
}

function countRows(sale: Sale, accounts: readonly Account[]): void {
  sale.rows.forEach((row, i) => {
    const account = accounts[sale.rowPool[i]!];
    if (account === undefined) return;
    const owner = sale.rowIntent[i]!;
    if (owner === STRANGER) account.strangers++;
    if (owner === UNSENT || owner === UNPLANNED) account.unbalanced++;
    if (row.status === 'cancelled') account.cancelled += row.quantity;
    else {
      account.sold += row.quantity;
      if (owner !== STRANGER) account.soldToUs += row.quantity;
    }
  });
}

/** What the final state says; null too where the first reading disagrees with the capacity the claim starts from. */
function remainingOf({ fixture, state }: Evidence, id: string): number | null {
  // A pool that the fixture names twice is one with both capacities, and nobody knows what is counted of it.
  const isWhole = ({ capacity, remaining }: Pool) => remaining === null || remaining === capacity;
  const named = fixture.pools.filter((pool) => pool.id === id);
  if (named.length > 1 || !isWhole(named[0]!)) return null;
  const told = (state?.pools ?? []).filter((pool) => pool.id === id);
  const remaining = told[0]?.remaining ?? null;
  return told.every((pool) => pool.remaining === remaining) ? remaining : null;
}

function countersOf(evidence: Evidence, id: string): Map<string, number> {
  const counters = new Map<string, number>();
  const told = (evidence.state?.pools ?? []).filter((pool) => pool.id === id);
  // A pool that is told twice is told by nobody.
  if (told.length !== 1) return counters;
  const remaining = remainingOf(evidence, id);
  if (remaining !== null) counters.set('', remaining);
  for (const each of told[0]!.counters ?? []) counters.set(each.name, each.remaining);
  return counters;
}

function isUnbalanced(sale: Sale, intent: number): boolean {
  const { wants } = sale;
  const live = wants.live[intent]!;
  const whole = live === wants.quantity[intent];
  if (wants.liveElsewhere[intent]! > 0) return true;
  if (wants.cancelledRows[intent]! > 0) return live > 0;
  if (isForGood(sale, intent)) return !whole;
  // A hold may have expired, and what was given back is gone: then nothing is as right as all.
  if (endedSo(sale, intent, OK)) return live > 0 && !whole;
  return live > 0 && !(whole && endedSo(sale, intent, INFO));
}

type Judgement = { readonly violated: string } | { readonly missing: string | null };

function judgeCounter(evidence: Evidence, account: Account): Judgement {
  const { remaining, capacity, sold } = account;
  if (remaining === null) {
    return { missing: 'The shop tells no count to compare: read what is left before and after.' };
  }
  const excess = capacity - remaining - sold;
  if (excess === 0) return { missing: null };
  const { exhaustive, keepsCancelled, mayLag } = evidence.state!;
  if (mayLag === true) {
    return {
      missing: 'The counter and the rows differ in a reading that may lag behind: read again.',
    };
  }
  if (!exhaustive || (account.strangers > 0 && evidence.fixture.exclusive !== true)) {
    return {
      missing:
        'The counter and the rows differ, but others may have bought or cancelled: read all orders (over SQL) of ' +
        'a shop that nobody else uses.',
    };
  }
  const mayBeCancelled =
    excess > 0
      ? !keepsCancelled || excess <= account.cancelled
      : evidence.fixture.baselineOrders.length > 0;
  if (mayBeCancelled) {
    return {
      missing:
        'The counter and the rows differ, but cancellations could explain it: start from a pool without orders, ' +
        'and record cancellations.',
    };
  }
  return { violated: `${capacity} − ${remaining} left is not ${counted(sold, 'ticket')} in rows` };
}

/** In the settled state there is one stock, so all its counters say the same; whoever bought or cancelled. */
function judgeCounters({ state }: Evidence, { counters }: Account): Judgement {
  const [least, most] = [Math.min(...counters.values()), Math.max(...counters.values())];
  if (counters.size < 2 || least === most) return { missing: null };
  if (state!.mayLag === true) {
    return { missing: 'Counters differ in a reading that may lag behind: read again.' };
  }
  const said = [...counters].map(([name, left]) => `${left}${name === '' ? '' : ` (${name})`}`);
  return { violated: `its counters say that ${said.join(', ')} are left` };
}

function judgeBounds(evidence: Evidence, account: Account): Judgement {
  const { historyComplete, state } = evidence;
  const nameless = namelessGaps(evidence, saleOf(evidence));
  const { soldToUs, acknowledged, possible } = account;
  if (soldToUs < acknowledged && nameless.length > 0) return { missing: nameless[0]! };
  if (soldToUs < acknowledged && state!.mayLag === true) {
    return {
      missing: 'Fewer rows than acknowledged, in a reading that may lag behind: read again.',
    };
  }
  if (soldToUs < acknowledged) {
    return state!.keepsCancelled
      ? { violated: `${acknowledged} were acknowledged, ${soldToUs} are in rows` }
      : {
          missing:
            'Fewer rows than acknowledged, but the target keeps no cancelled orders: keep them.',
        };
  }
  if (soldToUs > possible) {
    return historyComplete
      ? { violated: `${soldToUs} are in rows, at most ${possible} were bought` }
      : {
          missing:
            'More rows than purchases in a history that is not complete: run again to its end.',
        };
  }
  return { missing: null };
}

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const accounts = accountsOf(evidence, sale);
  const missing = new Set<string>(sale.gaps.all);
  const found: { account: Account; how: string }[] = [];
  for (const account of sale.gaps.state.length === 0 ? accounts : []) {
    const judgements = [judgeCounter, judgeCounters, judgeBounds].map((judge) =>
      judge(evidence, account),
    );
    for (const judgement of judgements) {
      if ('missing' in judgement) missing.add(judgement.missing ?? '');
      else if (found.at(-1)?.account !== account) found.push({ account, how: judgement.violated });
    }
  }
  missing.delete('');
  if (found.length > 0) return asViolation(evidence, found);
  if (accounts.some((account) => account.unbalanced > 0)) {
    missing.add(
      'Sums agree only because errors cancel out: see the invariants about single purchases.',
    );
  }
  const sold = accounts.reduce((sum, account) => sum + account.sold, 0);
  const acknowledged = accounts.reduce((sum, account) => sum + account.acknowledged, 0);
  return holdsUnless('stock-conservation', {
    missing: [...missing],
    summary: `${counted(sold, 'ticket')} in rows, ${acknowledged} acknowledged.`,
    witness: witnessOf(evidence, { pools: sale.pools.keys(), figures: { sold, acknowledged } }),
  });
}

function asViolation(
  evidence: Evidence,
  found: readonly { readonly account: Account; readonly how: string }[],
): Finding {
  const difference = ({ account }: (typeof found)[number]) =>
    Math.max(
      account.remaining === null
        ? 0
        : Math.abs(account.capacity - account.remaining - account.sold),
      account.acknowledged - account.soldToUs,
      account.soldToUs - account.possible,
      // Minus infinity where there is none.
      Math.max(...account.counters.values()) - Math.min(...account.counters.values()),
    );
  const worst = found.reduce((a, b) => (difference(b) > difference(a) ? b : a));
  const { pool, capacity, remaining, sold, acknowledged, possible, counters } = worst.account;
  return violated('stock-conservation', {
    count: found.length,
    summary: `In pool ${saleOf(evidence).pools[pool]!.id}: ${worst.how}.`,
    witness: witnessOf(evidence, {
      pools: [pool],
      figures: {
        capacity,
        ...(remaining === null ? {} : { remaining }),
        sold,
        acknowledged,
        acknowledgedOrInfo: possible,
        ...(counters.size < 2
          ? {}
          : {
              leftLeast: Math.min(...counters.values()),
              leftMost: Math.max(...counters.values()),
            }),
      },
    }),
  });
}

export const stockConservation: Invariant = {
  id: 'stock-conservation',
  statement: 'What is gone from the stock is what was sold',
  decide,
};
