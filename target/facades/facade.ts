import type { FastifyInstance } from 'fastify';
import type { ProcessIdentity } from '../database/process-identity.ts';

/** A bug that can be planted, as far as the command line has to know it. Each façade has a richer type of its own. */
export interface FlawNote {
  readonly name: string;
  /** Which bug it is, one sentence. */
  readonly bug: string;
  /** Flaws that replace the sale itself exclude each other; anything else goes together. */
  readonly place: 'sale' | 'around';
}

/** One `--option name=value`. Values stay texts: who reads one knows its form, because `accepts` has seen it. */
export interface FacadeOption {
  readonly name: string;
  readonly summary: string;
  /** The value where none is given. */
  readonly initial: string;
  /** What a value has to be, for the failure: "a duration such as 60s". */
  readonly expected: string;
  readonly accepts: (value: string) => boolean;
}

/** Every declared option with its value. */
export type OptionValues = Readonly<Record<string, string>>;

/** What all APIs that `target up` can start have in common. */
interface Entry {
  /** The word after `target up`. */
  readonly name: string;
  /** One line for the list. */
  readonly summary: string;
  /** The name that `run --target` knows the API by. */
  readonly target: string;
  /** In planting order. */
  readonly flaws: readonly FlawNote[];
  readonly options: readonly FacadeOption[];
}

/** What one process is given when it starts to serve. */
export interface RoleContext {
  /** Connection string of the process's own database role; a secret. */
  readonly databaseUrl: string;
  /** Names of the façade's flaws that are planted, in planting order. */
  readonly flaws: readonly string[];
  readonly options: OptionValues;
  /**
   * Base addresses of the internal processes of a role at this moment, without a slash at the end; empty while none
   * is up. Ask again for every call: a process that died comes back at another address.
   */
  readonly services: (role: string) => readonly string[];
}

/** Work without a port of its own. */
export interface BackgroundWork {
  readonly close: () => Promise<void>;
}

/** A kind of process. Several kinds make a façade of several services. */
export interface Role {
  readonly name: string;
  /** Public ones share the one public port; internal ones listen on a free loopback port each, if they listen. */
  readonly public: boolean;
  /** How many of it run where the command line asked for `asked` processes. */
  readonly processes: (asked: number) => number;
  /** Database connections that one process may hold open at most. */
  readonly connections: number;
  /** The PostgreSQL login that it connects with: made, with a password, before `schemaSql` runs; null is the owner. */
  readonly databaseRole: string | null;
  /**
   * Starts one process's work. A fastify instance is not listening yet; what it holds open (pools, timers) it releases
   * in an `onClose` hook.
   */
  readonly serve: (
    context: RoleContext,
  ) => FastifyInstance | BackgroundWork | Promise<FastifyInstance | BackgroundWork>;
}

/** An API of our own: processes in front of tables in the one database. */
export interface Facade extends Entry {
  readonly kind: 'facade';
  /** Tables and seed in an empty database, run once by its owner; brings its own transaction. */
  readonly schemaSql: string;
  /** A query whose one value is a secret made at the start, announced as ONSALE_TOKEN; left out where there is none. */
  readonly tokenSql?: string;
  readonly roles: readonly Role[];
}

export interface PrepareRequest {
  /** Empty and reachable for the database's user; removed at the end, whatever happens. */
  readonly folder: string;
  /** Aborted when the end has been asked for before it serves. */
  readonly signal: AbortSignal;
  /** Tells of a process that has to be ended, whatever happens, before the database is. */
  readonly owns: (program: ProcessIdentity) => void;
}

export interface InstallRequest extends PrepareRequest {
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  readonly processes: number;
  readonly flaws: readonly string[];
  readonly options: OptionValues;
}

/** The one PostgreSQL; its owner may make further databases and roles. */
export interface ShopDatabase {
  readonly url: string;
}

/** Something that serves. */
export interface Serving {
  readonly url: string;
  /** Variables that a user needs besides the address, all secret: ONSALE_DATABASE_URL and the like. */
  readonly environment: Readonly<Record<string, string>>;
  /** Rejects with a failure when it cannot go on; otherwise stays open. */
  readonly ended: Promise<never>;
  /** Ends it in order; calling it after `ended` is harmless. */
  readonly stop: () => Promise<void>;
}

/** Somebody else's program that is installed and run as it is. */
export interface Installed extends Entry {
  readonly kind: 'installed';
  /** Database connections that it may hold open at most. */
  readonly connections: (processes: number) => number;
  /** Gets the program, if it is not there yet; may take minutes the first time. */
  readonly prepare: (request: PrepareRequest) => Promise<Prepared>;
}

/** A program that is there and can be started. */
export interface Prepared {
  /** Data folder of a PostgreSQL that was ended in order, with which the database starts; null starts an empty one. */
  readonly databaseTemplate: string | null;
  readonly up: (request: InstallRequest, database: ShopDatabase) => Promise<Serving>;
}

export type Api = Facade | Installed;
