/** What the services tell each other; times are ISO 8601. */
export interface Messages {
  readonly 'event:created': {
    readonly id: string;
    readonly name: string;
    readonly date: string;
    readonly price: number;
    readonly ticketsLeft: number;
    readonly version: number;
  };
  readonly 'event:updated': {
    readonly id: string;
    readonly name: string;
    readonly price: number;
    readonly version: number;
  };
  readonly 'order:created': {
    readonly id: string;
    readonly version: number;
    readonly userId: string;
    readonly eventId: string;
    readonly price: number;
    readonly expiresAt: string;
  };
  readonly 'order:cancelled': {
    readonly id: string;
    readonly version: number;
    readonly eventId: string;
  };
  readonly 'expiration:complete': { readonly orderId: string };
  /** The time to pay is over and nobody did; from now on nobody can. */
  readonly 'payment:closed': { readonly orderId: string };
  readonly 'payment:done': { readonly id: string; readonly orderId: string };
}

export type Subject = keyof Messages;
export type Subscriber = 'events' | 'orders' | 'payments' | 'expiration';

/**
 * Who hears of what. An expiry goes by way of payments: only they know whether the order has been paid in the last
 * moment, so only they can say that it will not be. The original cancels at once and may cancel what was just paid.
 */
export const SUBSCRIBERS: Readonly<Record<Subject, readonly Subscriber[]>> = {
  'event:created': ['orders'],
  'event:updated': ['orders'],
  'order:created': ['events', 'payments', 'expiration'],
  'order:cancelled': ['events', 'payments'],
  'expiration:complete': ['payments'],
  'payment:closed': ['orders'],
  'payment:done': ['orders'],
};

/** `later`: what has to come first has not come yet, so the message is not acknowledged and is delivered again. */
export type Handling = 'done' | 'later';

/** What one service does about the subjects it hears of. Every message may come more than once, and in any order. */
export type Handlers = {
  readonly [S in Subject]?: (body: Messages[S]) => Promise<Handling>;
};
