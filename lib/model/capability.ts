import { z } from 'zod';

/** What a target can do or tell, for people. From these follow the scenarios that can run and the claims that can be decided. */
export const capabilityWords = {
  quantities: 'several tickets in one purchase',
  holds: 'tickets can be reserved and expire when they are not paid for',
  'held-quantities': 'several tickets in one hold',
  payments: 'an order is paid in a step of its own',
  cancel: 'orders or holds can be given back',
  seats: 'buyers choose named seats',
  idempotency: 'a second request with the same key is recognised',
  resolve: 'an unanswered purchase can be asked about',
  availability: 'how many tickets are left can be read',
  'stale-reads': 'some reads are declared to lag behind',
  status: 'the state of an order can be read',
  views: 'pages or listings that visitors look at',
  'buyer-limit': 'a limit of tickets for each buyer',
  'sale-window': 'the sale opens and closes at set times',
  credit: 'buyers have an account with money in it',
  'payment-listing': 'payments can be listed',
  'order-listing': 'all orders can be listed, those of strangers too',
  'own-orders': 'the orders of each buyer can be listed',
  'sql-read-back': 'its database can be read over SQL',
} as const;

export const capabilities = Object.keys(capabilityWords) as (keyof typeof capabilityWords)[];
export const capabilitySchema = z.enum(capabilities);
export type Capability = z.infer<typeof capabilitySchema>;
