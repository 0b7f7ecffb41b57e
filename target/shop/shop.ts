/** What a buyer sends, as it came: only the database decides what is an id. */
export interface PurchaseOrder {
  readonly userId: unknown;
  readonly ticketId: unknown;
  readonly quantity: unknown;
}

/** How a purchase ended that broke nothing. */
export type Sale = 'sold' | 'sold-out';

export interface TicketOffer {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly remaining: number;
}

/** Times are local to the venue, ISO 8601 without a zone. */
export interface EventOffer {
  readonly id: number;
  readonly title: string;
  readonly venue: string;
  readonly city: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly status: string;
  readonly tickets: readonly TicketOffer[];
}

/** One ticket that somebody owns. */
export interface OrderLine {
  readonly order_id: number;
  readonly status: string;
  readonly created_at: string;
  readonly ticket_name: string;
  readonly price: number;
  readonly event_title: string;
  readonly city: string;
  readonly event_date: string;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Needed only to make a new account. */
  readonly name: string | null;
}

export type SignIn =
  | { readonly result: 'created' | 'known'; readonly userId: string }
  | { readonly result: 'wrong-password' | 'name-needed' };

export interface Activity {
  readonly userId: string;
  readonly eventId: number;
  readonly action: string;
  readonly meta: Readonly<Record<string, unknown>>;
}

/**
 * The core that every façade speaks for and every flaw is planted into. A database error is thrown as
 * `TransactionFailed` (everything was rolled back) or `NoConnection` (nothing was sent), too much work as `Overloaded`
 * (nothing was done); others are bugs.
 */
export interface Shop {
  readonly purchase: (order: PurchaseOrder) => Promise<Sale>;
  readonly events: () => Promise<readonly EventOffer[]>;
  /** Newest first. */
  readonly ordersOf: (userId: string) => Promise<readonly OrderLine[]>;
  readonly signIn: (credentials: Credentials) => Promise<SignIn>;
  /** Returns the activity's id. */
  readonly recordActivity: (activity: Activity) => Promise<string>;
}
