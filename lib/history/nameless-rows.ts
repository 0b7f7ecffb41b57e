import type { Recorded, Wants } from './attribution.ts';
import { addTo } from './grouping.ts';
import { INFO, isAcquire, OK } from './history.ts';
import { type Claimant, matchRows } from './matching.ts';
import { numbersOfPlanned } from './planned.ts';

/** In place of a buyer's number: not known, so it may be any. */
export const ANYBODY = -1;
/** In place of a row's pool or intent where there is none: see attribution.ts. */
const NOWHERE = -1;
const STRANGER = -3;

/*
 * Rows that name no intent and may be the run's. There are two kinds of listings that have them. One names buyers: then a
 * row of a buyer of the run is of one of that buyer's intents, and one of anybody else is a stranger's. The other names
 * nobody, neither an intent nor a buyer that the fixture knows, in any row: many exports have but id, pool, quantity and
 * time. Then whose a row is nobody can say, and it may be any intent's that asked for tickets of its pool.
 *
 * Here they are matched to show that there are enough of them for all who bought, by buyer, pool, quantity and time. An
 * intent that was acknowledged left its row between its first attempt and the end of its last acknowledged one; one that
 * was cut off may have left one at any time after its start. Live rows are matched with as many intents as they can be,
 * acknowledged ones first; a cancelled one may have been any intent's of its pool. Which of them got which row is chance,
 * so no claim may look at such a row as an intent's own. Rows that name nobody are only matched where somebody vouches
 * that nobody else buys. That rows are too few, or too many, for any reading is shown by lib/invariants/too-few-rows.ts and too-many-rows.ts.
 * A shop that names intents in its rows has no such rows, and nothing is matched.
 */
export interface Nameless {
  /** How many there are. */
  readonly count: number;
  /** Their places among the sale's rows. */
  readonly places: readonly number[];
  /** They name buyers of the run; else nobody. */
  readonly byBuyer: boolean;
  /** Live rows that an intent explains, and the intents that they explain. */
  readonly rows: ReadonlySet<number>;
  /** Live rows with tickets for which no intent was found. */
  readonly unexplained: readonly number[];
  readonly intents: ReadonlySet<number>;
  /** Those of them beside which others that need a row like theirs have none, so that it is chance which have. */
  readonly doubtful: ReadonlySet<number>;
  /** Intents of which any may have left a row that was cancelled. */
  readonly mayBeCancelled: readonly number[];
  /** Each intent's buyer by number, or {@link ANYBODY}; nothing where there are no such rows. */
  readonly buyerOfIntent: Int32Array;
  /** The buyer of each of `places`, likewise. */
  readonly buyerOfPlace: Int32Array;
}

const NONE: Nameless = {
  count: 0,
  places: [],
  byBuyer: false,
  rows: new Set(),
  unexplained: [],
  intents: new Set(),
  doubtful: new Set(),
  mayBeCancelled: [],
  buyerOfIntent: new Int32Array(),
  buyerOfPlace: new Int32Array(),
};

interface Rows {
  readonly wants: Wants;
  readonly rows: NonNullable<Recorded['state']>['orders'];
  readonly rowIntent: Int32Array;
  readonly rowPool: Int32Array;
}

/** O(n log n) for n operations and rows; nothing but a look at every row where all of them name intents. */
export function matchNamelessRows(recorded: Recorded, sale: Rows): Nameless {
  if (sale.rows.every(({ intent }) => intent !== null)) return NONE;
  const buyers = buyersOf(recorded);
  const buyerOfRow = Int32Array.from(sale.rows, ({ buyer }) => buyers.get(buyer) ?? ANYBODY);
  const byBuyer = buyerOfRow.some((buyer) => buyer !== ANYBODY);
  if (!byBuyer && sale.rowIntent.some((intent) => intent !== STRANGER)) return NONE;
  const places: number[] = [];
  sale.rows.forEach(({ intent }, row) => {
    if (intent === null && !(byBuyer && buyerOfRow[row] === ANYBODY)) places.push(row);
  });
  if (places.length === 0) return NONE;
  const of = {
    ...{ count: places.length, places, byBuyer },
    buyerOfIntent: buyersOfIntents(recorded, byBuyer ? buyers : null),
    buyerOfPlace: Int32Array.from(places, (row) => buyerOfRow[row]!),
  };
  const found = matched(recorded, sale, of);
  const unexplained = places.filter((row) => {
    const { status, quantity } = sale.rows[row]!;
    return status === 'live' && quantity > 0 && !found.rows.has(row);
  });
  return { ...of, ...found, unexplained };
}

/** Each buyer's number, by id. */
function buyersOf({ fixture }: Recorded): Map<string, number> {
  const buyers = new Map<string, number>();
  for (const { id } of fixture.buyers) if (!buyers.has(id)) buyers.set(id, buyers.size);
  return buyers;
}

function buyersOfIntents(
  { history, fixture, intents }: Recorded,
  buyers: ReadonlyMap<string, number> | null,
): Int32Array {
  const buyerOfIntent = new Int32Array(history.intentKeys.length).fill(ANYBODY);
  if (buyers === null) return buyerOfIntent;
  numbersOfPlanned(history, intents.intents).forEach((intent, place) => {
    const id = fixture.buyers[place]?.id;
    if (id !== undefined && intent !== NOWHERE) buyerOfIntent[intent] = buyers.get(id)!;
  });
  return buyerOfIntent;
}

type Listed = Pick<Nameless, 'places' | 'byBuyer' | 'buyerOfIntent' | 'buyerOfPlace'>;

/** Rows and intents that can be each other's, and where rows of a buyer and pool were cancelled. */
function matched(
  recorded: Recorded,
  sale: Rows,
  listed: Listed,
): Pick<Nameless, 'rows' | 'intents' | 'doubtful' | 'mayBeCancelled'> {
  const { rows: orders, rowPool, wants } = sale;
  const mayBeOurs = listed.byBuyer || recorded.fixture.exclusive === true;
  const keys = keysFor(recorded, sale, listed);
  const rowsOf = new Map<number, number[]>();
  const doubtful = new Set<number>();
  const cancelled = new Set<number>();
  listed.places.forEach((row, i) => {
    const { status, quantity } = orders[row]!;
    const buyer = listed.buyerOfPlace[i]!;
    if (rowPool[row] === NOWHERE) return;
    if (status === 'cancelled') {
      cancelled.add(keys.ofPool(buyer, rowPool[row]!));
      // Of one whose buyer nobody knows it may be, too.
      cancelled.add(keys.ofPool(ANYBODY, rowPool[row]!));
    }
    if (status === 'live' && mayBeOurs)
      addTo(rowsOf, keys.ofClass(buyer, rowPool[row]!, quantity), row);
  });
  const claimantOf = claimantsOf(recorded);
  const rows = new Set<number>();
  const explained = new Set<number>();
  const mayBeCancelled: number[] = [];
  for (const [key, intents] of claimingIntents(sale, listed, keys)) {
    const [first] = intents as [number];
    const ofPool = keys.ofPool(listed.buyerOfIntent[first]!, wants.pool[first]!);
    if (cancelled.has(ofPool)) for (const intent of intents) mayBeCancelled.push(intent);
    const own = rowsOf.get(key);
    if (own === undefined) continue;
    const moments = own.map((row) => momentOf(recorded, orders[row]!));
    const claimants = intents.map(claimantOf);
    const rowOf = matchRows(claimants, moments);
    rowOf.forEach((row, i) => {
      if (row === -1) return;
      rows.add(own[row]!);
      explained.add(intents[i]!);
    });
    for (const i of doubtfulOf(claimants, rowOf)) doubtful.add(intents[i]!);
  }
  return { rows, intents: explained, doubtful, mayBeCancelled };
}

/** Where one that was acknowledged has no row, all are; where only one that was cut off has none, all that were. */
function doubtfulOf(claimants: readonly Claimant[], rowOf: Int32Array): readonly number[] {
  const isOpen = (i: number) => claimants[i]!.end === Number.POSITIVE_INFINITY;
  const all = [...claimants.keys()];
  const lacking = all.filter((i) => rowOf[i] === -1);
  if (lacking.length === 0) return [];
  return lacking.every(isOpen) ? all.filter(isOpen) : all;
}

interface Keys {
  readonly ofPool: (buyer: number, pool: number) => number;
  readonly ofClass: (buyer: number, pool: number, quantity: number) => number;
}

/** Numbers for classes; exact below 2⁵³ of them, which takes a million buyers, a thousand pools and quantities of millions. */
function keysFor({ fixture }: Recorded, { rows, wants }: Rows, { places }: Listed): Keys {
  const pools = fixture.pools.length + 1;
  let most = 0;
  for (const row of places) most = Math.max(most, rows[row]!.quantity);
  for (const quantity of wants.quantity) most = Math.max(most, quantity);
  const ofPool = (buyer: number, pool: number) => (buyer + 1) * pools + pool;
  return {
    ofPool,
    ofClass: (buyer, pool, quantity) => ofPool(buyer, pool) * (most + 1) + quantity,
  };
}

/** Intents that took tickets or may have and that no row names, by buyer, pool and quantity. */
function claimingIntents(
  { wants, rowIntent }: Rows,
  { buyerOfIntent }: Listed,
  { ofClass }: Keys,
): Map<number, number[]> {
  const named = new Uint8Array(wants.length);
  for (const intent of rowIntent) if (intent >= 0) named[intent] = 1;
  const byClass = new Map<number, number[]>();
  for (let intent = 0; intent < wants.length; intent++) {
    const pool = wants.pool[intent]!;
    if (wants.firstBuy[intent] === -1 || pool < 0 || named[intent] === 1) continue;
    addTo(byClass, ofClass(buyerOfIntent[intent]!, pool, wants.quantity[intent]!), intent);
  }
  return byClass;
}

/** By intent: when it can have left its row. Widened by how far the target's clock and the recorders' may be off. */
export function claimantsOf(recorded: Recorded): (intent: number) => Claimant {
  const { history } = recorded;
  const doubtMs = shopDoubtMs(recorded);
  const start = new Float64Array(history.intentKeys.length).fill(Number.POSITIVE_INFINITY);
  const end = new Float64Array(history.intentKeys.length).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < history.length; i++) {
    const intent = history.intent[i]!;
    const isOk = history.outcome[i] === OK;
    if (!isAcquire(history, i) || !(isOk || history.outcome[i] === INFO)) continue;
    start[intent] = Math.min(start[intent]!, history.start[i]! - doubtMs);
    if (isOk) end[intent] = Math.max(end[intent]!, history.end[i]! + doubtMs);
  }
  return (intent) => ({
    start: start[intent]!,
    end: end[intent] === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : end[intent]!,
  });
}

/** How far a time of the shop's may be off one of the history's, ms: what its rules say, and the error of the recorders. */
export function shopDoubtMs({
  fixture,
  clockErrorMs,
}: Pick<Recorded, 'fixture' | 'clockErrorMs'>): number {
  return (fixture.rules?.clockSkewMs ?? 0) + clockErrorMs;
}

/** When a row was made, NaN where nobody knows: without a word about the target's clock its times say nothing. */
export function momentOf(
  { fixture }: Pick<Recorded, 'fixture'>,
  { createdAt }: { readonly createdAt?: number | undefined },
): number {
  return fixture.rules?.clockSkewMs === undefined ? Number.NaN : (createdAt ?? Number.NaN);
}
