import type { Recorded, Wants } from './attribution.ts';
import { INFO, isAcquire, OK } from './history.ts';
import { type Claimant, matchRows } from './matching.ts';

/*
 * Rows that name a buyer of the run but no intent. Where the target cannot carry keys and a buyer has several intents,
 * nobody can tell which of them left a row; but whose it can be is known from buyer, pool, quantity and time. An intent
 * that was acknowledged left its row between its first attempt and the end of its last acknowledged one; one that was cut
 * off may have left one at any time after its start. Live rows are matched with as many intents as they can be,
 * acknowledged ones first; a cancelled one may have been any intent's. Which of them got which row is chance, so a match
 * only shows that there are enough: no claim may look at such a row as an intent's own. A shop that names intents in its
 * rows has no such rows, and nothing is matched.
 */
export interface Nameless {
  /** Rows that name a buyer of the run and no intent. */
  readonly count: number;
  /** Live rows that an intent explains, and the intents that they explain. */
  readonly rows: ReadonlySet<number>;
  readonly intents: readonly number[];
  /** Intents of which any may have left a row that was cancelled. */
  readonly mayBeCancelled: readonly number[];
}

const NONE: Nameless = { count: 0, rows: new Set(), intents: [], mayBeCancelled: [] };

interface Rows {
  readonly wants: Wants;
  readonly rows: NonNullable<Recorded['state']>['orders'];
  readonly rowIntent: Int32Array;
  readonly rowPool: Int32Array;
}

/** O(n log n) for n operations and rows; nothing but a look at every row where there are no such rows. */
export function matchNamelessRows(recorded: Recorded, sale: Rows): Nameless {
  if (sale.rows.every(({ intent }) => intent !== null)) return NONE;
  const buyers = new Set(recorded.fixture.buyers.map(({ id }) => id));
  const nameless = [...sale.rows.keys()].filter(
    (row) => sale.rows[row]!.intent === null && buyers.has(sale.rows[row]!.buyer),
  );
  if (nameless.length === 0) return NONE;
  const rowsOf = new Map<string, number[]>();
  for (const row of nameless) {
    const { buyer, quantity } = sale.rows[row]!;
    push(rowsOf, classOf(buyer, sale.rowPool[row]!, quantity), row);
  }
  const spanOf = spansOf(recorded);
  const rows = new Set<number>();
  const matched: number[] = [];
  const mayBeCancelled: number[] = [];
  for (const [key, intents] of claimingIntents(recorded, sale)) {
    const own = rowsOf.get(key) ?? [];
    const live = own.filter((row) => sale.rows[row]!.status === 'live');
    const moments = live.map((row) => momentOf(recorded, sale.rows[row]!));
    matchRows(intents.map(spanOf), moments).forEach((row, i) => {
      if (row === -1) return;
      rows.add(live[row]!);
      matched.push(intents[i]!);
    });
    if (live.length < own.length) mayBeCancelled.push(...intents);
  }
  return { count: nameless.length, rows, intents: matched, mayBeCancelled };
}

const classOf = (buyer: string, pool: number, quantity: number) =>
  JSON.stringify([buyer, pool, quantity]);

function push<K>(lists: Map<K, number[]>, key: K, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Intents that took tickets or may have and that no row names, by buyer, pool and quantity. */
function claimingIntents(
  { history, fixture, intents }: Recorded,
  { wants, rowIntent }: { readonly wants: Wants; readonly rowIntent: Int32Array },
): Map<string, number[]> {
  const named = new Set(rowIntent);
  const byClass = new Map<string, number[]>();
  intents.intents.forEach(({ key }, i) => {
    const buyer = fixture.buyers[i]?.id;
    const intent = history.intents.find(key);
    if (buyer === undefined || intent === -1 || named.has(intent)) return;
    if (wants.firstBuy[intent] === -1 || wants.pool[intent]! < 0) return;
    push(byClass, classOf(buyer, wants.pool[intent]!, wants.quantity[intent]!), intent);
  });
  return byClass;
}

/** By intent: when it can have left its row. Widened by how far the rules say that the target's clock may differ. */
function spansOf({ history, fixture }: Recorded): (intent: number) => Claimant {
  const skewMs = fixture.rules?.clockSkewMs ?? 0;
  const start = new Float64Array(history.intentKeys.length).fill(Number.POSITIVE_INFINITY);
  const end = new Float64Array(history.intentKeys.length).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < history.length; i++) {
    const intent = history.intent[i]!;
    const isOk = history.outcome[i] === OK;
    if (!isAcquire(history, i) || !(isOk || history.outcome[i] === INFO)) continue;
    start[intent] = Math.min(start[intent]!, history.start[i]! - skewMs);
    if (isOk) end[intent] = Math.max(end[intent]!, history.end[i]! + skewMs);
  }
  return (intent) => ({
    start: start[intent]!,
    end: end[intent] === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : end[intent]!,
  });
}

/** Without a word about the target's clock its times say nothing. */
function momentOf(
  { fixture }: Recorded,
  { createdAt }: { readonly createdAt?: number | undefined },
) {
  return fixture.rules?.clockSkewMs === undefined ? Number.NaN : (createdAt ?? Number.NaN);
}
