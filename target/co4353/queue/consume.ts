import type pg from 'pg';
import { log, textOf } from '../../failure.ts';
import { query } from '../../shop/transaction.ts';
import { type Repeating, repeat } from '../repeat.ts';
import type { Handlers, Handling, Subject, Subscriber } from './subjects.ts';

const BATCH_MAX = 100;
const POLL_MS = 50;

export interface Consumer {
  readonly pool: pg.Pool;
  readonly handlers: Readonly<Record<Subscriber, Handlers>>;
  /** Who has not acknowledged a message by then gets it again, or another process does. */
  readonly ackWaitMs: number;
}

interface Delivery {
  readonly id: string;
  readonly subscriber: Subscriber;
  readonly subject: Subject;
  readonly body: unknown;
}

/**
 * Delivers at least once: a batch is taken by moving its due time, handled, and only then deleted. A process that dies in
 * between has acknowledged nothing, and the messages are due again. Several processes share the work.
 */
export function consume(consumer: Consumer): Repeating {
  return repeat('delivering messages', POLL_MS, async () => {
    const batch = await claim(consumer);
    const subscribers = [...new Set(batch.map(({ subscriber }) => subscriber))];
    const shareOf = (name: Subscriber) => batch.filter(({ subscriber }) => subscriber === name);
    await Promise.all(subscribers.map((name) => handleInTurn(consumer, shareOf(name))));
    return batch.length > 0;
  });
}

function claim({ pool, ackWaitMs }: Consumer): Promise<Delivery[]> {
  return query<Delivery & pg.QueryResultRow>(
    pool,
    `UPDATE queue.deliveries SET deliveries = deliveries + 1,
        due_at = clock_timestamp() + $1 * interval '1 millisecond'
      WHERE id IN (SELECT id FROM queue.deliveries WHERE due_at <= clock_timestamp()
        ORDER BY id LIMIT ${BATCH_MAX} FOR UPDATE SKIP LOCKED)
      RETURNING id, subscriber, subject, body`,
    [ackWaitMs],
  );
}

async function handleInTurn(consumer: Consumer, batch: readonly Delivery[]): Promise<void> {
  const handled: string[] = [];
  // UPDATE returns rows in no order; what was sent first is to be heard first.
  for (const delivery of batch.toSorted((a, b) => Number(BigInt(a.id) - BigInt(b.id))))
    if ((await handle(consumer, delivery)) === 'done') handled.push(delivery.id);
  await query(consumer.pool, 'DELETE FROM queue.deliveries WHERE id = ANY ($1::bigint[])', [
    handled,
  ]);
}

async function handle({ handlers }: Consumer, delivery: Delivery): Promise<Handling> {
  // The body was published under this very subject, which the compiler cannot know.
  const handler = handlers[delivery.subscriber][delivery.subject] as
    | ((body: unknown) => Promise<Handling>)
    | undefined;
  if (handler === undefined)
    throw new Error(`${delivery.subscriber} does not handle ${delivery.subject}`);
  try {
    return await handler(delivery.body);
  } catch (error) {
    log(`${delivery.subscriber} could not handle ${delivery.subject}: ${textOf(error)}`);
    return 'later';
  }
}
