import type { Buyer, Pool } from '../model/fixture.ts';
import type { Operation, OperationKind, Outcome } from '../model/operation.ts';
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

/** What a reply means for the judge; the details as in `operationSchema`, where the reply tells them. */
export interface Reading
  extends Partial<
    Pick<Operation, 'order' | 'seat' | 'value' | 'state' | 'expiresAt' | 'amount' | 'mayLag'>
  > {
  readonly outcome: Outcome;
  /** Short class, see `operationSchema.reason`; empty for `ok`. */
  readonly reason: string;
  /** The telling part of the reply, uncut. */
  readonly told: string;
}

/** Who asks for what. */
export interface Asked {
  readonly buyer: Buyer;
  readonly pool: Pool;
  readonly intent: Intent;
  /** The buyer's own secret (a session), or the one all share (a token); empty where there is none. In no artefact. */
  readonly secret: string;
  /** `fixture.data`; empty where provisioning left none. */
  readonly data: Readonly<Record<string, string>>;
  /** The order that an earlier reply named; null before there is one. */
  readonly order: string | null;
  /** The seat that is wanted, null where any will do. */
  readonly seat: string | null;
}

/** One thing that can be asked of an API: how it is said, and what a reply to it means. */
export interface Action {
  readonly say: (asked: Asked) => Exchange;
  readonly read: (reply: Reply, asked: Asked) => Reading;
}

/**
 * How things are said to one API and how its replies are read: pure, shared by k6 and Node, no imports at run time but
 * of its own family. What an API cannot do is absent. `resolve` asks what became of an unanswered purchase: its reading
 * is then the purchase's.
 */
export interface Protocol extends Partial<Readonly<Record<OperationKind | 'resolve', Action>>> {
  readonly purchase: Action;
}
