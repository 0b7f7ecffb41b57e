import { z } from 'zod';
import { type Capability, capabilities } from '../../model/capability.ts';
import { type OrderState, orderStates } from '../../model/operation.ts';
import { type Rules, rulesSchema } from '../../model/rules.ts';
import type { Exchange } from '../protocol.ts';
import type { Answer } from './reply.ts';

/** The way to the shop for the administrative part of a file; every request has a time limit and goes to the shop alone. */
export interface Shop {
  /** The JSON of a 2xx reply; anything else is a failure. `Content` is the file's word; what it returns is checked. */
  get<Content = Readonly<Record<string, unknown>>>(path: string): Promise<Content>;
  post<Content = Readonly<Record<string, unknown>>>(path: string, body?: unknown): Promise<Content>;
  put<Content = Readonly<Record<string, unknown>>>(path: string, body?: unknown): Promise<Content>;
  delete<Content = Readonly<Record<string, unknown>>>(path: string): Promise<Content>;
  /** Sends what `get` or `post` of 'onsale' made and gives the reply, whatever its status. */
  send(exchange: Exchange): Promise<{ readonly status: number; readonly body: string }>;
  /** The values of the file's `options`. */
  readonly options: Readonly<Record<string, string>>;
  /** ONSALE_TOKEN; null where there is none. */
  readonly token: string | null;
}

type Id = string | number;

/** A stock of tickets as the shop shows it now. */
export interface PoolTold {
  readonly id: Id;
  /** By it a pool that was made is found again. */
  readonly name: string;
  /** Tickets that can still be bought; null where the shop does not tell. */
  readonly left: number | null;
  /** Of one ticket, in the smallest unit of the currency. */
  readonly price?: number;
  readonly seats?: readonly string[];
}

/** An order, or one ticket of it where tickets are rows; every row has an id of its own. */
export interface OrderTold {
  readonly id: Id;
  /** The pool's id. */
  readonly pool: Id;
  /** Tickets; 1 where nothing is said. */
  readonly quantity?: number;
  /** Whom the shop recorded, as in the fixture. */
  readonly buyer?: Id;
  /** The intent's key, where purchases carry it. */
  readonly intent?: string | null;
  /** `live`, the default, counts against the capacity. */
  readonly status?: 'live' | 'cancelled';
  readonly state?: OrderState;
  readonly seat?: string;
  /** Charged and not given back, smallest unit of the currency. */
  readonly amount?: number;
  /** Unix epoch ms on the shop's clock. */
  readonly expiresAt?: number;
  readonly createdAt?: number;
}

export interface WantedPool {
  /** Holds the run's id; a second call of the same run looks for it first. */
  readonly name: string;
  readonly capacity: number;
  /** 0 for the first. */
  readonly index: number;
  /** Names of the seats to be sold, where the plan wants seats. */
  readonly seats: readonly string[] | null;
}

export interface WantedBuyer {
  /** Unique and the same in every call of the run: whoever was made under it is to be found. */
  readonly name: string;
  readonly index: number;
}

/** A buyer with what goes with it. */
export interface BuyerTold {
  readonly id: Id;
  /** Money, smallest unit of the currency. */
  readonly credit?: number;
  /** Such as a session cookie; the protocol gets it as `secret`, and it is written nowhere. */
  readonly secret?: string;
}

/** What a listing may be that knows of itself that it is not whole. */
export interface Listing {
  readonly orders: readonly OrderTold[];
  readonly complete: boolean;
  readonly caveats?: readonly string[];
}

/** A call that `targets check` tries; it must sell nothing. */
export interface AdminCall {
  readonly say: Exchange;
  /** Such as `GET /shows`, where the request does not say it. */
  readonly what?: string;
  readonly statuses: readonly number[];
  /** What the body has to be, in words. */
  readonly telling?: string;
  readonly fits?: (answer: Answer) => boolean;
}

export interface Known {
  readonly pools: readonly { readonly id: string; readonly name: string }[];
  readonly buyers: readonly { readonly id: string; readonly secret: string }[];
  readonly runId: string;
}

/**
 * How a shop is prepared and read back. Only `pools` and one of `orders` and `ordersOf` are needed. Functions may be
 * asynchronous.
 */
export interface Admin {
  /** One line for people. */
  readonly summary?: string;
  /** All pools on sale with what is left. */
  readonly pools: (shop: Shop) => Promise<readonly PoolTold[]> | readonly PoolTold[];
  /** Every order of these pools, of strangers too. */
  readonly orders?: (
    shop: Shop,
    known: Known,
  ) => Promise<readonly OrderTold[] | Listing> | readonly OrderTold[] | Listing;
  /** Every order of one buyer, where the shop lists no others. */
  readonly ordersOf?: (
    shop: Shop,
    buyer: Known['buyers'][number],
  ) => Promise<readonly OrderTold[]> | readonly OrderTold[];
  /** Makes a pool and gives its id. Absent: what is on sale is sold as it is. */
  readonly makePool?: (shop: Shop, wanted: WantedPool) => Promise<Id> | Id;
  /** Makes a buyer or finds it. Absent: any name will do, and buyers are called by `WantedBuyer.name`. */
  readonly makeBuyer?: (
    shop: Shop,
    wanted: WantedBuyer,
  ) => Promise<Id | BuyerTold> | Id | BuyerTold;
  /** Takes a pool that was made away. Absent: it stays. */
  readonly removePool?: (shop: Shop, id: string) => Promise<void> | void;
  /** Sent with every administrative request. */
  readonly headers?: (of: Pick<Shop, 'options' | 'token'>) => Readonly<Record<string, string>>;
  readonly check?: (known: { readonly pool: string | null }) => readonly AdminCall[];
  /** Beyond what follows from the protocol and from what is here, such as `quantities`. */
  readonly capabilities?: readonly Capability[];
  readonly options?: Readonly<
    Record<string, { readonly summary: string; readonly default: string; readonly pattern: RegExp }>
  >;
  /** What ONSALE_TOKEN is, where the shop needs it. */
  readonly secret?: string;
  /** What the sale promises beyond its capacities. */
  readonly rules?: Rules;
  /** An order that was cancelled stays in the listing. */
  readonly keepsCancelled?: boolean;
  /** The listings may come from a copy that lags behind. */
  readonly mayLag?: boolean;
  /** How long to leave the shop alone before it is read back, ms; 2000 where nothing is said. */
  readonly quietMs?: number;
}

const work = z.custom<(...given: never) => unknown>(
  (value) => typeof value === 'function',
  'expected a function',
);

export const adminSchema = z
  .strictObject({
    summary: z.string().max(200).optional(),
    pools: work,
    orders: work.optional(),
    ordersOf: work.optional(),
    makePool: work.optional(),
    makeBuyer: work.optional(),
    removePool: work.optional(),
    headers: work.optional(),
    check: work.optional(),
    capabilities: z.array(z.enum(capabilities)).optional(),
    options: z
      .record(
        z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected a name of small letters'),
        z.strictObject({ summary: z.string(), default: z.string(), pattern: z.instanceof(RegExp) }),
      )
      .optional(),
    secret: z.string().min(1).optional(),
    rules: rulesSchema.optional(),
    keepsCancelled: z.boolean().optional(),
    mayLag: z.boolean().optional(),
    quietMs: z.int().min(0).max(600_000).optional(),
  })
  .refine(({ orders, ordersOf }) => (orders === undefined) !== (ordersOf === undefined), {
    message: 'expected one of `orders` and `ordersOf`',
  });

/** 7 and "7" are the same id. */
const id = z.union([z.string().min(1).max(200), z.int().transform(String)]);

export const poolsSchema = z
  .array(
    z.strictObject({
      id,
      name: z.string().transform((text) => text.slice(0, 300)),
      left: z.int().nullable(),
      price: z.int().min(0).optional(),
      seats: z.array(z.string().min(1).max(200)).optional(),
    }),
  )
  .superRefine(withoutTwins);

export const ordersSchema = z
  .array(
    z.strictObject({
      id,
      pool: id,
      quantity: z.int().min(0).default(1),
      // A stranger may be called anything.
      buyer: z
        .union([z.string().transform((text) => text.slice(0, 300)), z.int().transform(String)])
        .default(''),
      intent: z
        .string()
        .transform((key) => (key.length > 200 ? null : key))
        .nullable()
        .optional(),
      status: z.enum(['live', 'cancelled']).default('live'),
      state: z.enum(orderStates).optional(),
      seat: z.string().min(1).max(200).optional(),
      amount: z.int().optional(),
      expiresAt: z.number().finite().optional(),
      createdAt: z.number().finite().optional(),
    }),
  )
  .superRefine(withoutTwins);
export type OrdersTold = z.infer<typeof ordersSchema>;

export const listingSchema = z.strictObject({
  orders: ordersSchema,
  complete: z.boolean(),
  caveats: z.array(z.string().max(500)).default([]),
});

export const idSchema = id;
export const buyerToldSchema = z.strictObject({
  id,
  credit: z.int().optional(),
  secret: z.string().min(1).optional(),
});

/** A page that shifted while it was read shows a row twice, which must not be counted twice. */
function withoutTwins(rows: readonly { id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    if (seen.has(row.id))
      context.addIssue({ code: 'custom', message: 'the id is there twice', path: [index, 'id'] });
    seen.add(row.id);
  }
}
