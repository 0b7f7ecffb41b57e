import type pg from 'pg';
import { type Messages, SUBSCRIBERS, type Subject, type Subscriber } from './subjects.ts';

/**
 * Leaves a message for everybody who hears of its subject. In the transaction of the change that it tells of, so that
 * there is never one without the other.
 */
export async function publish<S extends Subject>(
  client: pg.PoolClient,
  subject: S,
  body: Messages[S],
  subscribers: readonly Subscriber[] = SUBSCRIBERS[subject],
): Promise<void> {
  await client.query({
    name: 'publish',
    text: `INSERT INTO queue.deliveries (subscriber, subject, body)
      SELECT subscriber, $2, $3 FROM unnest($1::text[]) AS subscriber`,
    values: [subscribers, subject, JSON.stringify(body)],
  });
}
