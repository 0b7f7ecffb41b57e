import type pg from 'pg';
import { log, textOf } from '../failure.ts';
import { openSidePool, withConnection } from '../shop/transaction.ts';
import { FEED_PERIOD_MS, feedCopy } from './availability.ts';
import { poolsWithExpired } from './events.ts';
import type { Steps } from './steps.ts';

const SWEEP_PERIOD_MS = 250;

/** Ends holds that ran out, pool by pool, so that no more than one pool is locked at a time. */
export async function sweep(pool: pg.Pool, steps: Steps): Promise<void> {
  for (const expired of await poolsWithExpired(pool))
    await withConnection(pool, (client) => steps.releaseExpired(client, expired));
}

/** Does what nobody waits for, on a connection that does not queue with the sales. Returns how to end it. */
export function startBackground(pool: pg.Pool, steps: Steps): () => Promise<void> {
  const side = openSidePool(pool, 1);
  const sweeper = repeat(SWEEP_PERIOD_MS, 'the sweep', () => sweep(side, steps));
  const feeder = repeat(FEED_PERIOD_MS, 'feeding the copy', () => feedCopy(side));
  return async () => {
    await Promise.all([sweeper(), feeder()]);
    await side.end();
  };
}

/** Runs `work` again and again, `periodMs` after it ended. Returns how to end it. */
function repeat(periodMs: number, name: string, work: () => Promise<void>): () => Promise<void> {
  let over = false;
  let timer: NodeJS.Timeout;
  let current: Promise<void> = Promise.resolve();
  const run = async () => {
    try {
      await work();
    } catch (error) {
      log(`${name} failed and is tried again: ${textOf(error)}`);
    }
    if (!over) schedule();
  };
  const schedule = () => {
    timer = setTimeout(() => {
      current = run();
    }, periodMs);
  };
  schedule();
  return () => {
    over = true;
    clearTimeout(timer);
    return current;
  };
}
