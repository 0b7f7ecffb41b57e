import type pg from 'pg';
import type { Ask } from './office.ts';

/** What a sale has to know before it starts, read in one statement. */
export interface Offer {
  /** The id that the order will have if there is one. */
  readonly order: string;
  readonly event: string;
  readonly opensAt: Date | null;
  readonly closesAt: Date | null;
  /** The database's clock. */
  readonly now: Date;
  readonly limitPerBuyer: number | null;
  readonly holdMs: number;
  readonly priceCents: number;
  readonly seated: boolean;
  /** At that moment; whoever comes next may find less. */
  readonly remaining: number;
}

export type LatePayment = 'reject' | 'accept-if-capacity' | 'accept';

/** An order whose row is locked. */
export interface LockedOrder {
  readonly id: string;
  readonly event: string;
  readonly pool: string;
  readonly buyer: string;
  readonly quantity: number;
  readonly seats: readonly string[];
  readonly status: 'held' | 'paid' | 'cancelled' | 'expired';
  readonly totalCents: number;
  /** Its hold has run out, whether or not its tickets have gone back. */
  readonly late: boolean;
  readonly latePayment: LatePayment;
  readonly limitPerBuyer: number | null;
}

/** What a cancellation has to give back. */
export interface CancelledRow {
  readonly event: string;
  readonly pool: string;
  readonly buyer: string;
  readonly quantity: number;
  readonly refundCents: number;
}

/**
 * The places where a lock or a condition decides whether selling is safe. Each is one small function, so that a flaw is
 * the same box office with one of them replaced.
 */
export interface Steps {
  readonly saleWindow: (offer: Offer) => 'early' | 'open' | 'over';
  /** Before the buyer's tickets are counted. */
  readonly lockBuyer: (client: pg.PoolClient, buyer: string) => Promise<void>;
  /** Whether there was enough; then it is taken. */
  readonly takeStock: (client: pg.PoolClient, ask: Ask) => Promise<boolean>;
  /** Gives the tickets of holds that ran out back; returns how many holds those were. */
  readonly releaseExpired: (client: pg.PoolClient, pool: string) => Promise<number>;
  /** Whether the seat that was asked for was free; then it is the order's. */
  readonly claimSeat: (client: pg.PoolClient, ask: Ask, order: string) => Promise<boolean>;
  readonly latePayment: (order: LockedOrder) => LatePayment;
  /** Null where there is nothing that could be cancelled. */
  readonly markCancelled: (client: pg.PoolClient, order: string) => Promise<CancelledRow | null>;
}
