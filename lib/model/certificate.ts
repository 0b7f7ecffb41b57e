import { z } from 'zod';
import { operationSchema } from './operation.ts';
import { rulesSchema } from './rules.ts';
import { SCHEMA_VERSION } from './schema-version.ts';
import { orderRowSchema, paymentRowSchema, poolStateSchema } from './state.ts';

const count = z.int().min(0);
const id = z.string().min(1).max(200);

/** A pool as the proof needs it; the shop's own counter before and after, null where it does not tell. */
export const certifiedPoolSchema = z.strictObject({
  id,
  capacity: count,
  remainingBefore: z.int().nullable(),
  remainingAfter: z.int().nullable(),
  /** What further counters of the shop say is left in the end; absent where there are none. */
  counters: poolStateSchema.shape.counters,
});
export type CertifiedPool = z.infer<typeof certifiedPoolSchema>;

/**
 * How much the evidence has that the claim turns on; `lib/certificates/proofs` says for each invariant what is counted.
 * Where `operations` and `rows` are no more than what is shown, the certificate can be checked by itself; where they
 * are more, whoever checks it has to count again in the run's files.
 */
export const countsSchema = z.strictObject({ operations: count, rows: count, tickets: count });

/** What became of the money of one buyer, or of one intent where the certificate is about one. */
export const certifiedMoneySchema = z.strictObject({
  /** Null where the plan names no buyer of the intent. */
  buyer: id.nullable(),
  /** The account at the first reading and in the final state; null where it was not told, or in two ways. */
  before: z.int().nullable(),
  after: z.int().nullable(),
  /** How many intents the plan has for the buyer. */
  intents: count,
  /** What a ticket costs in the pools that operations and rows of the buyer or intent name, by id; at most ten. */
  prices: z.array(z.strictObject({ pool: id, price: count })).max(10),
  /** Orders may be paid in a step of their own. */
  paysInSteps: z.boolean(),
  /** Those of the buyer or intent where they are few, else none of them; null where the target does not list payments. */
  payments: z.array(paymentRowSchema).max(10).nullable(),
  counts: z.strictObject({
    /** Payments of the buyer or intent. */
    payments: count,
    /** Payments of the run that no intent of the plan explains, or whose buyer the plan does not name. */
    namelessPayments: count,
    ownerlessPayments: count,
    /** Purchases and payments, `ok` or `info`, of intents whose buyer the plan does not name. */
    ownerlessOperations: count,
    /** Rows of the final state that name no intent. */
    namelessRows: count,
  }),
});
export type CertifiedMoney = z.infer<typeof certifiedMoneySchema>;

/** What had to be so for the proof to stand: the completeness of the evidence, as it was judged. */
export const restsOnSchema = z.strictObject({
  history: z.strictObject({
    /** Nothing that was requested is missing, by the manifest's account. */
    complete: z.boolean(),
    operations: count,
    /** The last moment at which a client stopped waiting; null without operations. */
    lastEnd: z.number().finite().nullable(),
    /** Operations that end before they start: the clock jumped. */
    backward: count,
    /** Intents whose operations ask for different things. */
    mixedIntents: count,
    /** Tickets that may have been bought from pools that the fixture does not know. */
    ticketsElsewhere: count,
    /** Cancellations that ended `ok` or `info`; absent where there are none. */
    givenBack: z.int().min(1).optional(),
    /**
     * Requests that may have bought, in whichever pool, of the buyer whose rows without intents it is about, or of intents
     * of nobody known; absent where there are none, or it is about no such rows.
     */
    boughtByBuyer: z.int().min(1).optional(),
  }),
  plan: z.strictObject({
    intents: count,
    /** The intent the certificate is about was planned; false where it is about none. */
    planned: z.boolean(),
  }),
  fixture: z.strictObject({
    exclusive: z.boolean(),
    baselineOrders: count,
    /** What the sale promised beyond its capacities; absent where it promised nothing. */
    rules: rulesSchema.optional(),
  }),
  /** Null where the target was never read back. */
  state: z
    .strictObject({
      settled: z.boolean(),
      complete: z.boolean(),
      exhaustive: z.boolean(),
      keepsCancelled: z.boolean(),
      mayLag: z.boolean(),
      /** Rows whose id another row has too. */
      repeatedIds: count,
      /**
       * Rows that name no intent and may be the run's: they name one of its buyers, or no row of all names anybody of the
       * run; absent where there are none.
       */
      namelessRows: z.int().min(1).optional(),
      /** They name buyers of the run; absent where there are none, or they name nobody. */
      namesBuyers: z.literal(true).optional(),
      /** Those of them of pools that the fixture does not know; absent where there are none. */
      placelessRows: z.int().min(1).optional(),
      /** Cancelled rows of any pool and buyer that are not from before the run. */
      cancelledRows: count,
      readAt: z.number().finite(),
    })
    .nullable(),
});
export type RestsOn = z.infer<typeof restsOnSchema>;

/** One of the run's files, as it was when it was judged. */
export const evidenceFileSchema = z.strictObject({
  /** A bare name in the run's folder. */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,59}$/),
  /** Of the bytes on the disk, hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: count,
});
export type EvidenceFile = z.infer<typeof evidenceFileSchema>;

/**
 * certificates/<invariant>.json: what a stranger needs to see for himself that one claim was violated. `recheck/` reads
 * it without any code of the judge. The texts `claim` and `summary` are for people; nothing is proved by them.
 */
export const certificateSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  runId: z.string().min(1).max(100),
  invariant: z.string().regex(/^[a-z][a-z-]{0,59}$/),
  claim: z.string().max(300),
  summary: z.string().max(500),
  about: z.strictObject({
    pool: id.nullable(),
    intent: z.string().max(200).nullable(),
    /** The buyer all shown intents belong to, where the claim is about one. */
    buyer: id.optional(),
    /**
     * Where it is about rows without intents, and more than can be shown: all purchases within [from, to] on the history's
     * clock; or rows made until then, on the target's. Absent: no bound.
     */
    from: z.number().finite().optional(),
    to: z.number().finite().optional(),
  }),
  /** Tickets that the intent asked for; null where it is about none, or it does not matter. */
  asked: z.int().min(1).nullable(),
  clockErrorMs: z.number().min(0).finite(),
  pools: z.array(certifiedPoolSchema).max(1),
  operations: z.array(operationSchema).max(10),
  rows: z.array(orderRowSchema).max(10),
  counts: countsSchema,
  /** Only where the claim turns on money. */
  money: certifiedMoneySchema.optional(),
  restsOn: restsOnSchema,
  evidence: z.array(evidenceFileSchema).max(10),
});
export type Certificate = z.infer<typeof certificateSchema>;
