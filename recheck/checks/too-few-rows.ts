import {
  doubtOfState,
  type Facts,
  isAsking,
  isConfirming,
  isLive,
  not,
  type Operation,
  type Outcome,
  type Row,
  returners,
  targetDoubtMs,
  ticketsIn,
} from '../facts.ts';

/** From when to when a purchase can have made its row, on the history's clock. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Told yes, and fewer rows than purchases: each row belongs to one of them at most, so one has none. The purchases are
 * those shown; where none is shown, all of the pool, buyer and time that it is about.
 */
export function checkTooFewRows(facts: Facts): Outcome {
  const lacking = lackingForAbsence(facts);
  if (lacking !== null) return not(lacking);
  const { about, shown } = facts;
  const named = shown.operations.length > 0;
  if (named && (about.from ?? about.to) !== undefined) return not('a reason to name a time');
  const keys = new Set((named ? shown.operations : facts.operations).map(({ intent }) => intent));
  const spans: Span[] = [];
  let operations = 0;
  for (const key of keys) {
    const deeds = facts.operations.filter((each) => each.intent === key && isDeed(each));
    const doubt = doubtOfPurchase(facts, key, deeds);
    const span = spanOf(facts, deeds);
    const isWithin = span.from >= (about.from ?? -Infinity) && span.to <= (about.to ?? Infinity);
    if (doubt !== null && named) return not(doubt);
    if (doubt !== null || !isWithin) continue;
    spans.push(span);
    operations += deeds.length;
  }
  const rows = facts.rows.filter((row) => spans.some((span) => canBeOf(facts, row, span)));
  if (!facts.allRows) return not('all rows that can be theirs');
  if (!named && !isJust(spans, about)) return not('purchases of just the time that is named');
  if (spans.length <= rows.length) return not('fewer rows than purchases');
  return {
    proven: true,
    tickets: ticketsIn(rows),
    operations,
    rows: rows.length,
    because: `purchases that were acknowledged: ${spans.length}; rows that can be theirs: ${rows.length}`,
  };
}

/** The first of them begins, and the last ends, when it is said. */
function isJust(spans: readonly Span[], { from, to }: Facts['about']): boolean {
  const first = spans.reduce((least, span) => Math.min(least, span.from), Infinity);
  const last = spans.reduce((most, span) => Math.max(most, span.to), -Infinity);
  return (from === undefined || from === first) && (to === undefined || to === last);
}

function lackingForAbsence(facts: Facts): string | null {
  const doubt = doubtOfState(facts);
  if (doubt !== null) return `a final state to rely on: ${doubt}`;
  const { keepsCancelled, mayLag, exhaustive, placelessRows } = facts.restsOn.state!;
  if (!keepsCancelled) return 'cancelled orders, which are not kept';
  if (mayLag) return 'a reading that cannot lag behind';
  if (placelessRows !== undefined) return 'rows whose pools are all known';
  if (!exhaustive && facts.about.buyer === undefined) return 'a listing of all orders';
  const id = facts.pool?.id;
  if (id === undefined || facts.rows.some((row) => row.pool !== id)) return 'rows of one pool';
  return facts.allOperations ? null : 'all operations of the purchases';
}

const isDeed = (each: Operation) => isAsking(each) || each.kind === 'pay' || each.kind === 'cancel';

/** Why it is not certain that the intent needs a row of the pool; null where it is. */
function doubtOfPurchase(facts: Facts, key: string, deeds: readonly Operation[]): string | null {
  const { about, pool, mixed, cancelled, rows } = facts;
  if (mixed === null || mixed.has(key)) return 'purchases that ask for one thing each';
  if (!deeds.some(isAsking) || deeds.some((each) => each.pool !== pool?.id)) {
    return 'purchases from the pool';
  }
  if (!deeds.some(isConfirming)) return 'an acknowledgement of each';
  if (returners(deeds).size > 0) return 'a loss: one was given back';
  if (about.buyer !== undefined && facts.buyerOf(key) !== about.buyer) {
    return 'purchases of the buyer';
  }
  const own = rows.some((row) => row.intent === key && isLive(row) && row.quantity > 0);
  if (cancelled === null) return 'all cancelled rows';
  return own || cancelled.has(key) ? 'a loss: a row names the purchase' : null;
}

/** Where requests are missing, an earlier one may have made the row. */
function spanOf({ restsOn }: Facts, deeds: readonly Operation[]): Span {
  const made = deeds.filter(({ kind }) => kind !== 'cancel');
  const end = ({ outcome, end }: Operation) => (outcome === 'info' ? Infinity : end);
  return {
    from: restsOn.history.complete ? Math.min(...made.map(({ start }) => start)) : -Infinity,
    to: Math.max(...made.map(end)),
  };
}

function canBeOf(facts: Facts, row: Row, { from, to }: Span): boolean {
  const { about, restsOn } = facts;
  if (row.intent !== null || (isLive(row) && row.quantity === 0)) return false;
  // Beside rows that name buyers, one that names nobody may be anybody's, and nobody's purchase may have any stranger's.
  const isOfBuyer = row.buyer === '' || (facts.isNameless(row) && row.buyer === about.buyer);
  if (about.buyer !== undefined && !isOfBuyer) return false;
  const isDated = restsOn.fixture.rules?.clockSkewMs !== undefined;
  if (!isDated || row.createdAt === undefined) return true;
  const doubtMs = targetDoubtMs(facts);
  return row.createdAt >= from - doubtMs && row.createdAt <= to + doubtMs;
}
