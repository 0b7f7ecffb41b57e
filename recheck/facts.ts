/*
 * What a proof is made of. Everything in this folder is written anew, without a line of the judge: two programs that
 * share no code seldom share a mistake.
 */

export interface Operation {
  readonly session: number;
  readonly intent: string;
  readonly kind: string;
  readonly pool: string;
  readonly quantity: number;
  readonly start: number;
  readonly end: number;
  /** `ok` happened, `refused` and `fail` did not, `info` may have, at any time after its start. */
  readonly outcome: string;
  readonly status: number;
  readonly reason: string;
  readonly reply: string;
  readonly order?: string;
  readonly seat?: string;
  readonly value?: number;
  readonly state?: string;
  readonly expiresAt?: number;
  readonly amount?: number;
  readonly mayLag?: true;
}

export interface Row {
  readonly id: string;
  readonly pool: string;
  readonly quantity: number;
  readonly status: string;
  readonly intent: string | null;
  readonly buyer: string;
  readonly state?: string;
  readonly seat?: string;
  readonly amount?: number;
  readonly expiresAt?: number;
  readonly createdAt?: number;
}

export interface Pool {
  readonly id: string;
  readonly capacity: number;
  readonly remainingBefore: number | null;
  readonly remainingAfter: number | null;
  readonly counters?: readonly { readonly name: string; readonly remaining: number }[];
}

export interface Counts {
  readonly operations: number;
  readonly rows: number;
  readonly tickets: number;
}

/** What the sale promised beyond its capacities; what is absent was not promised. Times in milliseconds. */
export interface Rules {
  readonly buyerLimit?: number;
  readonly opensAt?: number;
  readonly closesAt?: number;
  readonly clockSkewMs?: number;
  readonly holdMs?: number;
  readonly expiryGraceMs?: number;
  readonly latePayment?: string;
  readonly idempotency?: string;
  readonly moves?: Readonly<Record<string, readonly string[]>>;
  readonly atomic?: true;
}

export interface RestsOn {
  readonly history: {
    readonly complete: boolean;
    readonly operations: number;
    readonly lastEnd: number | null;
    readonly backward: number;
    readonly mixedIntents: number;
    readonly ticketsElsewhere: number;
    readonly givenBack?: number;
    readonly boughtByBuyer?: number;
  };
  readonly plan: { readonly intents: number; readonly planned: boolean };
  readonly fixture: {
    readonly exclusive: boolean;
    readonly baselineOrders: number;
    readonly rules?: Rules;
  };
  readonly state: {
    readonly settled: boolean;
    readonly complete: boolean;
    readonly exhaustive: boolean;
    readonly keepsCancelled: boolean;
    readonly mayLag: boolean;
    readonly repeatedIds: number;
    readonly namelessRows?: number;
    readonly namesBuyers?: true;
    readonly placelessRows?: number;
    readonly cancelledRows: number;
    readonly readAt: number;
  } | null;
}

export interface Payment {
  readonly id: string;
  readonly order: string | null;
  readonly intent: string | null;
  readonly amount: number;
  readonly status: string;
}

/** Money of one buyer, or of one intent where the claim is about one; amounts in the smallest unit of the currency. */
export interface Money {
  readonly buyer: string | null;
  readonly before: number | null;
  readonly after: number | null;
  /** How many the plan has for the buyer. */
  readonly intents: number;
  readonly prices: readonly { readonly pool: string; readonly price: number }[];
  readonly paysInSteps: boolean;
  /** Null where the target lists none. */
  readonly payments: readonly Payment[] | null;
  readonly counts: {
    readonly payments: number;
    readonly namelessPayments: number;
    readonly ownerlessPayments: number;
    readonly ownerlessOperations: number;
    readonly namelessRows: number;
  };
}

export interface About {
  readonly pool: string | null;
  readonly intent: string | null;
  readonly buyer?: string;
  readonly from?: number;
  readonly to?: number;
}

/** What a check looks at: the certificate's own facts, or those of a whole run. */
export interface Facts {
  readonly runId: string;
  readonly clockErrorMs: number;
  readonly about: About;
  readonly pool: Pool | null;
  /** Those of the pool or of the intent it is about; rows from before the run are not among them. */
  readonly operations: readonly Operation[];
  readonly rows: readonly Row[];
  /** Nothing of the kind is left out; then absence is a fact too. */
  readonly allOperations: boolean;
  readonly allRows: boolean;
  /** No cancellation is left out. */
  readonly allReturns: boolean;
  /** Intents whose operations ask for different things; null where there are some and nobody knows which. */
  readonly mixed: ReadonlySet<string> | null;
  /** Intents with a cancelled row in any pool; null likewise. */
  readonly cancelled: ReadonlySet<string> | null;
  /** By intent: when the first request of it began that came to nothing and is not among the operations. */
  readonly triedElsewhere: ReadonlyMap<string, number>;
  readonly isStranger: (row: Row) => boolean;
  /** Intents that a row of any pool names. */
  readonly named: ReadonlySet<string>;
  /** Rows of any pool that name no intent and may be the run's. */
  readonly namelessRows: readonly Row[];
  /** It names no intent and may be one's of the run. */
  readonly isNameless: (row: Row) => boolean;
  /** It is certainly no stranger's, though it names no intent; by itself no certificate tells. */
  readonly isOurs: (row: Row) => boolean;
  /** Who acts for an intent; undefined where nobody knows. */
  readonly buyerOf: (intent: string) => string | undefined;
  /** Pools that the fixture certainly has. */
  readonly knownPools: ReadonlySet<string>;
  /** Null where the certificate says nothing of money. */
  readonly money: Money | null;
  readonly restsOn: RestsOn;
  /** What the certificate shows, also while a whole run is looked at. */
  readonly shown: { readonly operations: readonly Operation[]; readonly rows: readonly Row[] };
}

/** `operations`, `rows`: how many the check counts; left out where it is all of them. */
export type Outcome =
  | {
      readonly proven: true;
      readonly because: string;
      readonly tickets: number;
      readonly operations?: number;
      readonly rows?: number;
    }
  | { readonly proven: false; readonly lacking: string };

export type Check = (facts: Facts) => Outcome;

export const not = (lacking: string): Outcome => ({ proven: false, lacking });

/** How far a time of the target's may be off one of the history's, ms. */
export const targetDoubtMs = ({ restsOn, clockErrorMs }: Facts): number =>
  (restsOn.fixture.rules?.clockSkewMs ?? 0) + clockErrorMs;

/** Why the final state says nothing for certain; null where it does. */
export function doubtOfState({ restsOn }: Facts): string | null {
  const { state, history } = restsOn;
  if (state === null) return 'the target was never read back';
  if (!state.settled) return 'the final state had not settled';
  if (!state.complete) return 'the final state was not read completely';
  if (state.repeatedIds > 0) return 'row ids repeat in the final state';
  if (history.lastEnd !== null && history.lastEnd > state.readAt) {
    return 'the final state was read before the last operation had ended';
  }
  return null;
}

/** Rows name no intent and may be the run's: any of them may be what seems to be missing, or nobody's. */
export const hasNamelessRows = ({ restsOn }: Facts): boolean =>
  (restsOn.state?.namelessRows ?? 0) > 0;

/** Tickets in these rows, a row that is named twice counted once. */
export function ticketsIn(rows: readonly Row[]): number {
  const byId = new Map(rows.map((row) => [row.id, row.quantity]));
  return [...byId.values()].reduce((sum, quantity) => sum + quantity, 0);
}

export const isLive = (row: Row): boolean => row.status === 'live';

/** It asked for tickets. */
export const isAsking = ({ kind }: Operation): boolean => kind === 'purchase' || kind === 'hold';

/** It asked for tickets, and nobody was told that there are some: a later reply may be its own, told again. */
export const cameToNothing = (each: Operation): boolean =>
  isAsking(each) && (each.outcome === 'refused' || each.outcome === 'info');

export const mayHaveHappened = ({ outcome }: Operation): boolean =>
  outcome === 'ok' || outcome === 'info';

/** The buyer was told that the tickets are his: bought, or held and paid. */
export const isConfirming = ({ kind, outcome }: Operation): boolean =>
  outcome === 'ok' && (kind === 'purchase' || kind === 'pay');

/** Buyers who gave their tickets back, or may have. */
export function returners(operations: readonly Operation[]): ReadonlySet<string> {
  const back = operations.filter((each) => each.kind === 'cancel' && mayHaveHappened(each));
  return new Set(back.map(({ intent }) => intent));
}

/** Keys of a run are `onsale-<run id>-<number>`. */
export function hasMarkOf(runId: string, key: string | null): boolean {
  const prefix = `onsale-${runId}-`;
  return key?.startsWith(prefix) === true && /^[0-9]+$/.test(key.slice(prefix.length));
}
