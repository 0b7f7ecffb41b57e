import process from 'node:process';
import { log, textOf } from '../failure.ts';
import { plantFlaws } from '../flaws/registry.ts';
import { primepassApp } from '../primepass/app.ts';
import { correctShop } from '../shop/correct-shop.ts';
import { openPool } from '../shop/transaction.ts';

/** What a worker is told once, over the channel to its primary and not by a command line that others can read. */
export interface WorkerOrders {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly flaws: readonly string[];
}

export type ToWorker = { readonly serve: WorkerOrders } | { readonly stop: true };
/** A worker asks for its orders, because what is sent before it has loaded its program is lost. */
export type FromWorker =
  | { readonly ready: true }
  | { readonly listening: true }
  | { readonly couldNotListen: { readonly code: string; readonly text: string } };

/** Holds more than everybody of a rush: who is not accepted at once waits here instead of being turned away. */
const BACKLOG = 4096;

/** The life of one worker process. It ends with its primary, whatever ends that. */
export function serve(): void {
  // Ctrl-C reaches the whole group; the primary says when to stop, after the last replies.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit());
  let close: () => Promise<void> = async () => undefined;
  process.on('message', async (message: ToWorker) => {
    if ('serve' in message) close = await start(message.serve);
    else {
      await close();
      process.exit();
    }
  });
  tell({ ready: true });
}

async function start(orders: WorkerOrders): Promise<() => Promise<void>> {
  const pool = openPool(orders.databaseUrl);
  const app = primepassApp(plantFlaws(correctShop(pool), orders.flaws, pool));
  try {
    await app.listen({ host: orders.host, port: orders.port, backlog: BACKLOG });
    tell({ listening: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    tell({ couldNotListen: { code, text: textOf(error) } });
  }
  return async () => {
    await app.close();
    await pool.end();
  };
}

function tell(message: FromWorker): void {
  process.send?.(message, (error: Error | null) => {
    if (error !== null) log(`the primary cannot be told: ${error.message}`);
  });
}
