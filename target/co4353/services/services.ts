import type pg from 'pg';
import type { Handlers, Subscriber } from '../queue/subjects.ts';

export interface Account {
  readonly id: string;
  readonly email: string;
}

export interface Auth {
  /** Null where the e-mail is taken. */
  readonly signUp: (email: string, password: string) => Promise<Account | null>;
  /** Null where e-mail or password is wrong. */
  readonly signIn: (email: string, password: string) => Promise<Account | null>;
}

/** An event as its own service knows it. Times are ISO 8601, prices in the shop's one currency. */
export interface EventView {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly description: string;
  readonly date: string;
  readonly price: number;
  readonly ticketsLeft: number;
  readonly version: number;
  /** The order that holds a ticket of it; of several the first one. Null where none does. */
  readonly orderId: string | null;
}

export type NewEvent = Omit<EventView, 'id' | 'version' | 'orderId'>;

export interface EventChange {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly price: number;
}

export interface EventService {
  readonly create: (event: NewEvent) => Promise<EventView>;
  readonly upcoming: () => Promise<readonly EventView[]>;
  readonly find: (id: string) => Promise<EventView | null>;
  readonly change: (change: EventChange) => Promise<EventView | 'unknown' | 'not-own' | 'reserved'>;
}

/** The copy of an event that the orders service keeps, with its own count of tickets. */
export interface EventCopy {
  readonly id: string;
  readonly eventId: string;
  readonly name: string;
  readonly date: string;
  readonly price: number;
  readonly ticketsLeft: number;
  readonly version: number;
}

export type OrderStatus = 'created' | 'complete' | 'cancelled';

export interface Order {
  readonly id: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly expiresAt: string;
  readonly event: EventCopy;
}

export interface Wish {
  readonly userId: string;
  readonly eventId: string;
}

export interface OrderService {
  /** Holds one ticket until the order expires. */
  readonly reserve: (wish: Wish) => Promise<Order | 'unknown' | 'sold-out'>;
  readonly find: (id: string) => Promise<Order | null>;
  /** In the order in which they were made. */
  readonly ordersOf: (userId: string) => Promise<readonly Order[]>;
  /** Gives the ticket of an order back that is in one of these states; null where it is in none of them. */
  readonly cancel: (id: string, from: readonly OrderStatus[]) => Promise<Order | null>;
}

export interface PaymentAttempt {
  readonly userId: string;
  readonly orderId: string;
  readonly token: string;
}

export type PaymentResult =
  | { readonly paymentId: string }
  | 'unknown'
  | 'not-own'
  | 'cancelled'
  | 'paid';

export interface PaymentService {
  /** A card that is refused is thrown, with the card company's words as the message. */
  readonly pay: (attempt: PaymentAttempt) => Promise<PaymentResult>;
}

/** What the services are made from. */
export interface Parts {
  /** For requests. */
  readonly pool: pg.Pool;
  /** For messages and timers, which do not wait behind the requests of a rush. */
  readonly messagePool: pg.Pool;
  /** How long an unpaid order holds its ticket. */
  readonly holdMs: number;
}

/** The five services, as one process runs them. Flaws are planted by replacing parts. */
export interface Services {
  readonly auth: Auth;
  readonly events: EventService;
  readonly orders: OrderService;
  readonly payments: PaymentService;
  /** What each service does about the messages it hears of. */
  readonly handlers: Readonly<Record<Subscriber, Handlers>>;
  readonly ackWaitMs: number;
}
