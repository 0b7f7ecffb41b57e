import process from 'node:process';
import type { FastifyInstance } from 'fastify';
import type { BackgroundWork, OptionValues, Role } from '../facades/facade.ts';
import { facadeNamed } from '../facades/registry.ts';
import { log, textOf } from '../failure.ts';

/** Base addresses of the internal processes, by role. */
export type Services = Readonly<Record<string, readonly string[]>>;

/** What a worker is told once, over the channel to its primary and not by a command line that others can read. */
export interface WorkerOrders {
  readonly api: string;
  readonly role: string;
  readonly databaseUrl: string;
  readonly flaws: readonly string[];
  readonly options: OptionValues;
  /** The public address; an internal process finds one for itself. */
  readonly host: string;
  readonly port: number;
  readonly services: Services;
}

export type ToWorker =
  | { readonly serve: WorkerOrders }
  | { readonly services: Services }
  | { readonly stop: true };
/** A worker asks for its orders, because what is sent before it has loaded its program is lost. */
export type FromWorker =
  | { readonly ready: true }
  /** `url` is the address of an internal process; null where the port is the public one, or where there is none. */
  | { readonly serving: { readonly url: string | null } }
  | { readonly couldNotListen: { readonly code: string; readonly text: string } };

/** Holds more than everybody of a rush: who is not accepted at once waits here instead of being turned away. */
const BACKLOG = 4096;

let services: Services = {};

/** The life of one worker process. It ends with its primary, whatever ends that. */
export function serve(): void {
  // Ctrl-C reaches the whole group; the primary says when to stop, after the last replies.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit());
  let close: () => Promise<void> = async () => undefined;
  process.on('message', async (message: ToWorker) => {
    if ('serve' in message) close = await start(message.serve);
    else if ('services' in message) services = message.services;
    else {
      await close();
      process.exit();
    }
  });
  tell({ ready: true });
}

async function start(orders: WorkerOrders): Promise<() => Promise<void>> {
  services = orders.services;
  const role = facadeNamed(orders.api).roles.find(({ name }) => name === orders.role)!;
  const { databaseUrl, flaws, options } = orders;
  const work = await role.serve({
    ...{ databaseUrl, flaws, options },
    services: (name) => services[name] ?? [],
  });
  try {
    tell({ serving: { url: await listen(role, work, orders) } });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    tell({ couldNotListen: { code, text: textOf(error) } });
  }
  return async () => {
    await work.close();
  };
}

async function listen(
  role: Role,
  work: FastifyInstance | BackgroundWork,
  { host, port }: WorkerOrders,
): Promise<string | null> {
  if (!('listen' in work)) return null;
  if (role.public) {
    await work.listen({ host, port, backlog: BACKLOG });
    return null;
  }
  // Exclusive, because node:cluster would give the same free port to all of its workers.
  return work.listen({ host: '127.0.0.1', port: 0, backlog: BACKLOG, exclusive: true });
}

function tell(message: FromWorker): void {
  process.send?.(message, (error: Error | null) => {
    if (error !== null) log(`the primary cannot be told: ${error.message}`);
  });
}
