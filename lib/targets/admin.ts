import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Capability } from '../model/capability.ts';
import type { Fixture } from '../model/fixture.ts';
import type { IntentsFile, Plan } from '../model/plan.ts';
import type { Account, OrderRow, PaymentRow, PoolState } from '../model/state.ts';
import type { Protocol } from './protocol.ts';
import type { Ahead } from './target-clock.ts';

/** What an adapter needs to reach its target; secrets come from the environment and stay in memory. */
export interface Connection {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** PostgreSQL connection string, null where only HTTP is at hand. */
  readonly databaseUrl: string | null;
  /** `ONSALE_TOKEN`: what the target's `secret` says it is; null where none is given. */
  readonly token: string | null;
  /** The target's own options by name, checked by their schema; every declared one is there. */
  readonly options: Readonly<Record<string, string>>;
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

/**
 * What k6 and the read-back need to act for buyers and must be in no artefact: it stays in memory and, while k6 runs, in a
 * private file outside the run's folder.
 */
export interface Secrets {
  /** The same for every buyer, such as an API token; null where there is none. */
  readonly shared: string | null;
  /** One a buyer, as in the fixture, such as session cookies; null where there are none. */
  readonly buyers: readonly string[] | null;
}

export const noSecrets: Secrets = { shared: null, buyers: null };

/** What provisioning made. */
export interface Provisioned {
  readonly fixture: Fixture;
  readonly secrets: Secrets;
}

/** What a run is about to do. */
export interface Wanted {
  readonly plan: Plan;
  readonly intents: IntentsFile;
}

/** What a run has made, for reading it back or taking it away. */
export interface Known {
  readonly fixture: Fixture;
  readonly intents: IntentsFile;
  readonly secrets: Secrets;
}

/** One thing `targets check` tried, and how it compares with the contract. */
export interface Trial {
  /** Such as `POST /api/purchase of a sold-out ticket`. */
  readonly what: string;
  readonly expected: string;
  /** Null where it was as expected. */
  readonly got: string | null;
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
  readonly accounts?: readonly Account[];
  readonly payments?: readonly PaymentRow[];
}

/** The Node side of a target: everything but the measured load. Errors are `Failure`s, or the signal's reason. */
export interface Admin {
  /** Reaches the target once and fails with a `RunFailure` if it is not the API it should be. */
  readonly probe: (connection: Connection) => Promise<void>;
  /** Makes (or finds) pools and one buyer an intent. Idempotent by run id. */
  readonly provision: (connection: Connection, asked: Wanted) => Promise<Provisioned>;
  /** What `provision` would do, a sentence a step, with what is there already; changes nothing on the target. */
  readonly outline: (connection: Connection, asked: Wanted) => Promise<readonly string[]>;
  /** Takes away what provisioning made, as far as the API allows; a sentence for each thing that went or has to stay. */
  readonly deprovision: (connection: Connection, known: Known) => Promise<readonly string[]>;
  /** Tries every call of the contract once, with things of its own that it takes away again where it can. */
  readonly check: (connection: Connection) => Promise<readonly Trial[]>;
  /** Reads everything back once; says itself what it could not read. */
  readonly read: (connection: Connection, known: Known) => Promise<StateReading>;
  /** Compares the target's clock with ours; by the `Date` of its replies where absent. Null where it cannot be told. */
  readonly clock?: (connection: Connection) => Promise<Ahead | null>;
}

/** Something that can be said of a target with `--option name=value` or under `options` in onsale.yaml. */
export interface TargetOption {
  readonly name: string;
  /** One line for people, with the unit. */
  readonly summary: string;
  readonly default: string;
  /** What fits, e.g. `/^[a-z0-9-]+$/`; the whole value has to match. */
  readonly pattern: RegExp;
}

/** One entry of the registry of targets. */
export interface Target {
  readonly name: string;
  /** One line for `bin/loadtest targets`. */
  readonly summary: string;
  /** Path of protocol.ts from the project's root; bundled into the scenario. */
  readonly protocolPath: string;
  readonly protocol: Protocol;
  readonly admin: Admin;
  readonly capabilities: readonly Capability[];
  readonly options: readonly TargetOption[];
  /** What ONSALE_TOKEN is for this target, for people; null where it needs none. */
  readonly secret: string | null;
  /** How long the target must be left alone after the last request before it can be read, ms. */
  readonly quietMs: number;
}
