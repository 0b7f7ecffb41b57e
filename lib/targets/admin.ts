import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Fixture } from '../model/fixture.ts';
import type { IntentsFile, Plan } from '../model/plan.ts';
import type { OrderRow, PoolState } from '../model/state.ts';

/** What an adapter needs to reach its target; secrets come from the environment and stay in memory. */
export interface Connection {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** PostgreSQL connection string, null where only HTTP is at hand. */
  readonly databaseUrl: string | null;
  /** Limit of one administrative request. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called with done and total as long work goes on. */
  readonly onProgress: (done: number, total: number) => void;
  /** Called with a sentence a person should read, e.g. that the stock is not what the plan asked for. */
  readonly onNotice?: (sentence: string) => void;
  /** Agents whose connections are pinned to the addresses that are allowed; Node's own where absent. */
  readonly httpAgent?: HttpAgent;
  readonly httpsAgent?: HttpsAgent;
}

/** One complete reading of the target; two equal ones make the final state. */
export interface StateReading {
  readonly access: 'sql' | 'http';
  readonly pools: readonly PoolState[];
  readonly orders: readonly OrderRow[];
  readonly complete: boolean;
  readonly exhaustive: boolean;
  readonly keepsCancelled: boolean;
  /** It may come from a copy that lags behind, such as a replica; see `stateSchema`. Absent means no. */
  readonly mayLag?: boolean;
  readonly caveats: readonly string[];
}

/** The Node side of a target: everything but the measured load. Errors are `Failure`s, or the signal's reason. */
export interface Admin {
  /** Reaches the target once and fails with a `RunFailure` if it is not the API it should be. */
  readonly probe: (connection: Connection) => Promise<void>;
  /** Makes (or finds) pools and one buyer an intent. Idempotent by run id. */
  readonly provision: (
    connection: Connection,
    asked: { plan: Plan; intents: IntentsFile },
  ) => Promise<Fixture>;
  /** Reads everything back once; says itself what it could not read. */
  readonly read: (
    connection: Connection,
    known: { fixture: Fixture; intents: IntentsFile },
  ) => Promise<StateReading>;
}

/** One entry of the registry of targets. */
export interface Target {
  readonly name: string;
  /** One line for `bin/loadtest targets`. */
  readonly summary: string;
  /** Path of protocol.ts from the project's root; bundled into the scenario. */
  readonly protocolPath: string;
  readonly admin: Admin;
  /** How long the target must be left alone after the last request before it can be read, ms. */
  readonly quietMs: number;
}
