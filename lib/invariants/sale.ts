import type { Attribution } from '../history/attribution.ts';
import { attribute, isForGood, MIXED } from '../history/attribution.ts';
import type { Gaps } from './evidence-gaps.ts';
import { historyGaps, lagGaps, namingGaps, stateGaps, trialGaps } from './evidence-gaps.ts';
import type { Evidence } from './invariant.ts';

/** What all checks share, worked out once for each {@link Evidence}. */
export interface Sale extends Attribution {
  readonly mixedIntents: number;
  readonly gaps: {
    readonly history: Gaps;
    readonly state: Gaps;
    /** All that stand in the way of *holds* for any check: of history, state, naming and trial. */
    readonly all: Gaps;
  };
}

const sales = new WeakMap<Evidence, Sale>();

/** Pure: the table only spares working it out again for the next check. */
export function saleOf(evidence: Evidence): Sale {
  const known = sales.get(evidence);
  if (known !== undefined) return known;
  const attribution = attribute(evidence);
  const mixedIntents = attribution.wants.pool.reduce((n, pool) => n + (pool === MIXED ? 1 : 0), 0);
  const history = historyGaps(evidence);
  const state = stateGaps(evidence);
  const bare = { ...attribution, mixedIntents };
  const all = [
    ...history,
    ...state,
    ...lagGaps(evidence, bare),
    ...namingGaps(evidence, bare),
    ...trialGaps(evidence),
  ];
  const sale = { ...bare, gaps: { history, state, all } };
  sales.set(evidence, sale);
  return sale;
}

/** Whether a purchase or hold of the intent ended so; `outcome` is one of `OK`, `REFUSED`, `FAIL`, `INFO`. */
export function endedSo(sale: Sale, intent: number, outcome: number): boolean {
  return (sale.wants.outcomes[intent]! & (1 << outcome)) !== 0;
}

/**
 * Tickets of each pool that were acknowledged for good and, as far as the final state tells, never given back: one effect an
 * intent however often it was retried. A lower bound of what was sold.
 */
export function acknowledgedByPool(
  sale: Sale,
  isReleased: (intent: number) => boolean = (intent) => sale.wants.cancelledRows[intent]! > 0,
): Float64Array {
  const { wants, pools } = sale;
  const acknowledged = new Float64Array(pools.length);
  for (let intent = 0; intent < wants.length; intent++) {
    const pool = wants.pool[intent]!;
    if (pool < 0 || !isForGood(sale, intent) || isReleased(intent)) continue;
    acknowledged[pool]! += wants.quantity[intent]!;
  }
  return acknowledged;
}

/**
 * Whether an acknowledged purchase may have been given back without an operation that tells when: a row says so, or the
 * target forgets cancelled orders and shows fewer tickets than were bought, or rows that may be anybody's. Then they may
 * have been sold again to somebody else.
 */
export function mayBeReleased(
  { state }: Evidence,
  { wants, nameless }: Pick<Sale, 'wants' | 'nameless'>,
  intent: number,
): boolean {
  if (wants.cancelledRows[intent]! > 0) return true;
  if (state?.keepsCancelled !== false) return false;
  return wants.live[intent]! < wants.quantity[intent]! || nameless.intents.has(intent);
}

/** Tickets of each pool in live rows, whoever they belong to. */
export function liveByPool(sale: Sale): Float64Array {
  const live = new Float64Array(sale.pools.length);
  sale.rows.forEach((row, i) => {
    const pool = sale.rowPool[i]!;
    if (pool >= 0 && row.status === 'live') live[pool]! += row.quantity;
  });
  return live;
}

/** What absence lacks to be certain where rows name no intents. */
export function namelessGaps({ fixture }: Evidence, { nameless }: Pick<Sale, 'nameless'>): Gaps {
  if (nameless.count === 0) return [];
  return [
    nameless.byBuyer
      ? `${nameless.count} rows name a buyer of the run but no intent, so any of them may be what is missing: give each intent ` +
        'a buyer of its own, or a key.'
      : `${nameless.count} rows name neither an intent nor a buyer of the run, so any of them may be what is missing` +
        (fixture.exclusive === true
          ? ': give each intent a key.'
          : ', or somebody else’s: give each intent a key, or vouch that nobody else buys (exclusive).'),
  ];
}

/** What a claim about single intents lacks where rows are left that may be of any of them. */
export function unexplainedGaps({ nameless }: Pick<Sale, 'nameless'>): Gaps {
  const { length } = nameless.unexplained;
  if (length === 0) return [];
  return [
    `${length} rows name no intent, and no purchase was found that explains them: give each intent a key, or a buyer of ` +
      'its own.',
  ];
}
