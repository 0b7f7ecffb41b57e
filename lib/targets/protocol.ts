import type { Buyer, Pool } from '../model/fixture.ts';
import type { Outcome } from '../model/operation.ts';
import type { Intent } from '../model/plan.ts';

/** One HTTP request, ready to be sent by k6 or by Node. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/`; appended to the base URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What came back. `silence` says why there was no reply; null where there was one. */
export interface Reply {
  /** 0 where there was none. */
  readonly status: number;
  readonly body: string;
  readonly silence:
    | null
    | 'timeout'
    /** No connection was made: the request was certainly not sent. */
    | 'connection-refused'
    /** The connection broke after the request may have been sent. */
    | 'connection-reset';
}

/** What a reply means for the judge. */
export interface Reading {
  readonly outcome: Outcome;
  /** Short class, see `operationSchema.reason`; empty for `ok`. */
  readonly reason: string;
  /** The telling part of the reply, uncut. */
  readonly told: string;
}

/**
 * How a purchase is said to one API and how its replies are read: pure, shared by k6 and Node, no imports at run time.
 */
export interface Protocol {
  readonly purchase: (order: { buyer: Buyer; pool: Pool; intent: Intent }) => Exchange;
  readonly readPurchase: (reply: Reply) => Reading;
}
