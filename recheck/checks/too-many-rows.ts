import {
  doubtOfState,
  type Facts,
  isAsking,
  isLive,
  mayHaveHappened,
  not,
  type Operation,
  type Outcome,
  type Row,
  targetDoubtMs,
  ticketsIn,
} from '../facts.ts';

/** Rows that were made by some moment, and all requests of intents that had asked by then. */
interface Account {
  readonly rows: readonly Row[];
  readonly deeds: readonly Operation[];
  /** Those that asked for tickets by then. */
  readonly asks: readonly Operation[];
  /** Tickets in live rows; asked for by all; and by intents that bought or may have. */
  readonly live: number;
  readonly asked: number;
  readonly askedUnrefused: number;
  /** Asked for by intents of the buyer it is about that were only refused, whenever. */
  readonly refusedOwn: number;
}

/** More tickets than all requests asked for. */
export function checkUnasked(facts: Facts): Outcome {
  const account = accountOf(facts);
  if (typeof account === 'string') return not(account);
  if (!facts.restsOn.fixture.exclusive) return not('that nobody else buys from the pool');
  const { rows, deeds, live, asked } = account;
  const tooMany = asked === 0 && deeds.length === 0 ? rows.length > 0 : live > asked;
  if (!tooMany) return not('more tickets than were asked for');
  return proof(
    account,
    `tickets in rows: ${live}, asked for by all that can have made them: ${asked}`,
  );
}

/** More tickets than all requests asked for but those that were refused. */
export function checkOnlyRefusedAsked(facts: Facts): Outcome {
  const account = accountOf(facts, facts.about.buyer !== undefined);
  if (typeof account === 'string') return not(account);
  const { exclusive } = facts.restsOn.fixture;
  const isAlone =
    facts.about.buyer !== undefined && facts.restsOn.history.boughtByBuyer === undefined;
  if (!exclusive && !isAlone) return not('that nobody else buys from the pool');
  if (facts.about.buyer === undefined && facts.restsOn.state?.namesBuyers) {
    return not('one buyer, for rows name buyers');
  }
  const { live, askedUnrefused } = account;
  if (live <= askedUnrefused) return not('more tickets than were asked for by those who bought');
  const isRefusal = facts.about.buyer === undefined || account.refusedOwn > 0;
  const excess = live - askedUnrefused;
  const unasked = facts.about.buyer === undefined ? mostUnasked(facts, account) : 0;
  if (!isRefusal || excess <= unasked) {
    return not('refused requests that explain more than nobody asked for');
  }
  return proof(
    account,
    `tickets in rows: ${live}, asked for by those who bought or may have: ${askedUnrefused}`,
  );
}

/** The most tickets that rows made by any moment have above what all asked for by then. */
function mostUnasked(facts: Facts, { rows, asks }: Account): number {
  const doubt = targetDoubtMs(facts);
  const made = rows
    .filter(isLive)
    .map((row) => ({ moment: momentOf(facts, row), tickets: row.quantity }));
  const begun = asks.map(({ start, quantity }) => ({ moment: start - doubt, tickets: -quantity }));
  // Of one moment, requests come first: they explain rows of the same.
  const all = [...begun, ...made].sort((a, b) =>
    a.moment === b.moment ? a.tickets - b.tickets : a.moment < b.moment ? -1 : 1,
  );
  let [above, most] = [0, 0];
  for (const { tickets } of all) {
    above += tickets;
    most = Math.max(most, above);
  }
  return most;
}

/** A row that does not tell when it was made may have been made last of all. */
function momentOf({ restsOn }: Facts, { createdAt }: Row): number {
  return restsOn.fixture.rules?.clockSkewMs === undefined ? Infinity : (createdAt ?? Infinity);
}

function proof({ live, deeds, rows }: Account, because: string): Outcome {
  return { proven: true, tickets: live, operations: deeds.length, rows: rows.length, because };
}

/** What has to be counted; else what is lacking. */
function accountOf(facts: Facts, anytime = false): Account | string {
  const doubt = doubtOfState(facts);
  if (doubt !== null) return `a final state to rely on: ${doubt}`;
  const { history } = facts.restsOn;
  const { mixed, about } = facts;
  if (!history.complete) return 'a complete history';
  if (history.ticketsElsewhere > 0) return 'requests whose pools are all known';
  if (!facts.allOperations || !facts.allRows) return 'all requests and rows';
  if (facts.pool === null || mixed === null) return 'a pool, and requests that ask for one thing';
  if (facts.rows.some((row) => row.pool !== facts.pool?.id)) return 'rows of one pool';
  if (about.from !== undefined) return 'rows from the first on';
  const mine = facts.operations.filter(
    (each) => (isAsking(each) || each.kind === 'pay') && mayBeOf(facts, each),
  );
  const asking = new Set(mine.filter(isAsking).map(({ intent }) => intent));
  const ever = mine.filter(
    (each) => isAsking(each) || !asking.has(each.intent) || mixed.has(each.intent),
  );
  const asks = ever.filter(({ start }) => start <= (about.to ?? Infinity) + targetDoubtMs(facts));
  const askers = new Set((anytime ? ever : asks).map(({ intent }) => intent));
  const deeds = mine.filter(({ intent }) => askers.has(intent));
  const unrefused = new Set(mine.filter(mayHaveHappened).map(({ intent }) => intent));
  const sum = (each: readonly Operation[]) => each.reduce((all, { quantity }) => all + quantity, 0);
  const rows = facts.rows.filter((row) => isMade(facts, row));
  if (about.to !== undefined && !rows.some(({ createdAt }) => createdAt === about.to)) {
    return 'a row that was made at the moment it names';
  }
  return {
    rows,
    deeds,
    asks,
    live: ticketsIn(rows.filter(isLive)),
    asked: sum(asks),
    askedUnrefused: sum(asks.filter(({ intent }) => unrefused.has(intent) || mixed.has(intent))),
    refusedOwn: sum(
      ever.filter(
        ({ intent }) =>
          !unrefused.has(intent) && !mixed.has(intent) && facts.buyerOf(intent) === about.buyer,
      ),
    ),
  };
}

/** Of the buyer it is about, or of nobody known. */
function mayBeOf({ about, pool, buyerOf }: Facts, { intent, pool: asked }: Operation): boolean {
  if (asked !== pool?.id) return false;
  const buyer = buyerOf(intent);
  return about.buyer === undefined || buyer === undefined || buyer === about.buyer;
}

/** By the moment it is about. */
function isMade(facts: Facts, row: Row): boolean {
  const { about, isNameless } = facts;
  if (!isNameless(row) || (about.buyer !== undefined && row.buyer !== about.buyer)) return false;
  return momentOf(facts, row) <= (about.to ?? Infinity);
}
