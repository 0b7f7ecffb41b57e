import type pg from 'pg';
import type { OrderFilter, Page, Paged } from './listing.ts';

/** What a buyer asks for. */
export interface Ask {
  readonly buyer: string;
  readonly pool: string;
  /** ≥ 1; 1 where a seat is named. */
  readonly quantity: number;
  /** The seat that is wanted; null for any. */
  readonly seat: string | null;
  /** Whatever the buyer wants to recognise the order by. */
  readonly intent: string | null;
}

export type OrderStatus = 'held' | 'paid' | 'cancelled' | 'expired';

/** Tickets that somebody got. */
export interface Booking {
  readonly order: string;
  readonly status: 'held' | 'paid';
  readonly expiresAt?: string;
  readonly seats: readonly string[];
  readonly totalCents: number;
}

export interface Paid {
  readonly order: string;
  readonly status: 'paid';
  readonly chargedCents: number;
}

export interface Cancelled {
  readonly order: string;
  readonly status: 'cancelled';
  readonly refundedCents: number;
}

/** One order as it is told. */
export interface OrderView {
  readonly id: string;
  readonly event: string;
  readonly pool: string;
  readonly buyer: string;
  readonly quantity: number;
  readonly seats: readonly string[];
  readonly status: OrderStatus;
  readonly totalCents: number;
  readonly chargedCents: number;
  readonly intent: string | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

export interface Availability {
  readonly id: string;
  readonly capacity: number;
  readonly remaining: number;
}

/** What is answered to a request: kept as it is, so that a repetition gets the same bytes. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Called inside the transaction of an effect, just before it commits, so that both happen or neither. */
export type Keep<Effect> = (client: pg.PoolClient, effect: Effect) => Promise<void>;

/** A request that names an idempotency key. */
export interface KeyedRequest {
  readonly key: string;
  /** The same for the same request and no other. */
  readonly fingerprint: string;
}

/**
 * What the API speaks for and flaws are planted into. All of it throws `Refused` where the answer is no, besides what a
 * transaction throws.
 */
export interface BoxOffice {
  readonly purchase: (ask: Ask, keep: Keep<Booking>) => Promise<Booking>;
  readonly hold: (ask: Ask, keep: Keep<Booking>) => Promise<Booking>;
  readonly pay: (
    payment: { readonly order: string; readonly amountCents: number },
    keep: Keep<Paid>,
  ) => Promise<Paid>;
  readonly cancel: (order: string, keep: Keep<Cancelled>) => Promise<Cancelled>;
  readonly order: (order: string) => Promise<OrderView>;
  readonly orders: (filter: OrderFilter, page: Page) => Promise<Paged<OrderView>>;
  /** Exact. */
  readonly availability: (pool: string) => Promise<Availability>;
  /** As a copy tells it that lags behind. */
  readonly copiedAvailability: (pool: string) => Promise<Availability>;
  /** Carries the request out, or answers as it was answered before. `work` gives its answer to `keep` with its effect. */
  readonly answerOnce: (
    request: KeyedRequest,
    work: (keep: Keep<Answer>) => Promise<Answer>,
  ) => Promise<Answer & { readonly replayed: boolean }>;
}
