import type { Account, Order } from '../services/services.ts';

/** Where the two APIs of the family say the same thing differently. */
export interface Dialect {
  readonly name: 'eventure' | 'tickets';
  readonly signUpStatus: number;
  readonly account: (account: Account) => object;
  /** The body of the 400 that answers an exception nobody expected. */
  readonly unexpected: (text: string) => object;
  /** The field of an order's request that names what is wanted. */
  readonly wanted: 'eventId' | 'ticketId';
  readonly soldOut: string;
  readonly order: (order: Order) => object;
  /** The reply that shows a single order. */
  readonly shown: (order: Order) => object;
}

/** Stands where the original has its public key for the card company's form. */
const PUBLISHABLE_KEY = 'pk_test_reference';

const eventureOrder = (order: Order): object => order;

export const eventure: Dialect = {
  name: 'eventure',
  signUpStatus: 200,
  account: ({ id, email }) => ({ credits: '0', email, id }),
  unexpected: (message) => ({ message }),
  wanted: 'eventId',
  soldOut: 'Ticket is not Available at present',
  order: eventureOrder,
  shown: (order) => ({ order: eventureOrder(order), env: PUBLISHABLE_KEY }),
};

function ticketsOrder({ event, ...order }: Order): object {
  const { eventId: id, name: title, price, version } = event;
  return { ...order, ticket: { id, title, price, version } };
}

export const tickets: Dialect = {
  name: 'tickets',
  signUpStatus: 201,
  account: ({ id, email }) => ({ email, id }),
  unexpected: () => ({ errors: [{ message: 'Something went wrong' }] }),
  wanted: 'ticketId',
  soldOut: 'Ticket is already reserved',
  order: ticketsOrder,
  shown: ticketsOrder,
};
