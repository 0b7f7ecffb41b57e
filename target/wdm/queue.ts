import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { log, textOf } from '../failure.ts';

/** A message as its consumer sees it. */
export interface Message<Body> {
  readonly id: string;
  readonly body: Body;
}

/** How a queue is consumed. */
export interface Consumption<Body> {
  readonly queue: string;
  /** Batches handled at the same time. */
  readonly channels: number;
  /** Messages of one batch. */
  readonly prefetch: number;
  /** Who has not acknowledged a message by then is taken for dead, and it is delivered again. */
  readonly leaseMs: number;
  /** Acknowledged one by one as they are done, or together when the batch is. */
  readonly acknowledge: 'each' | 'batch';
  /** Must be able to see a message twice. One that throws leaves its message to be delivered again. */
  readonly handle: (body: Body) => Promise<void>;
}

/** Looks even where nobody has rung: a lease may have ended. */
const LOOK_AGAIN_MS = 500;

const channelOf = (queue: string) => `queue_${queue}`;

/** Puts a message into a queue as part of the sender's transaction: it is there if and when that commits. */
export async function publish(
  client: pg.ClientBase | pg.Pool,
  queue: string,
  body: unknown,
): Promise<void> {
  await client.query({
    name: 'publish',
    text: `WITH sent AS (INSERT INTO queue.message (queue, body) VALUES ($1, $2))
      SELECT pg_notify($3, '')`,
    values: [queue, JSON.stringify(body), channelOf(queue)],
  });
}

/**
 * Handles the messages of a queue until it is closed. Delivery is at least once, like a broker's: a message is leased
 * to whoever takes it and removed when it is acknowledged, which is not the transaction of the work itself.
 */
export class Consumer<Body> {
  readonly #pool: pg.Pool;
  readonly #work: Consumption<Body>;
  readonly #loops: Promise<void>[];
  readonly #sleepers = new Set<() => void>();
  #rings = 0;
  #closing = false;

  constructor(pool: pg.Pool, work: Consumption<Body>) {
    this.#pool = pool;
    this.#work = work;
    this.#loops = Array.from({ length: work.channels }, () => this.#consume());
  }

  /** There may be something new. One who wakes up is enough: nobody sleeps again before the queue is empty. */
  ring(): void {
    this.#rings += 1;
    const [first] = this.#sleepers;
    first?.();
  }

  /** Ends when the batches that it has taken are done. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const wake of this.#sleepers) wake();
    await Promise.all(this.#loops);
  }

  async #consume(): Promise<void> {
    while (!this.#closing) {
      const rings = this.#rings;
      try {
        const batch = await this.#take();
        if (batch.length > 0) await this.#handle(batch);
        else if (rings === this.#rings) await this.#sleep();
      } catch (error) {
        log(`queue ${this.#work.queue}: ${textOf(error)}`);
        await sleep(LOOK_AGAIN_MS);
      }
    }
  }

  async #sleep(): Promise<void> {
    if (this.#closing) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, LOOK_AGAIN_MS);
      this.#sleepers.add(wake);
    });
  }

  async #take(): Promise<Message<Body>[]> {
    const { queue, prefetch, leaseMs } = this.#work;
    const { rows } = await this.#pool.query<Message<Body>>({
      name: 'take',
      text: `WITH next AS MATERIALIZED (
          SELECT id FROM queue.message WHERE queue = $1 AND hidden_until < clock_timestamp()
          ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
        UPDATE queue.message m SET hidden_until = clock_timestamp() + $3 * interval '1 millisecond'
        FROM next WHERE m.id = next.id RETURNING m.id, m.body`,
      values: [queue, prefetch, leaseMs],
    });
    return rows.sort((a, b) => Number(BigInt(a.id) - BigInt(b.id)));
  }

  async #handle(batch: readonly Message<Body>[]): Promise<void> {
    const done: string[] = [];
    for (const { id, body } of batch) {
      try {
        await this.#work.handle(body);
        if (this.#work.acknowledge === 'each') await this.#acknowledge([id]);
        else done.push(id);
      } catch (error) {
        log(`queue ${this.#work.queue}: message ${id} stays for another try: ${textOf(error)}`);
      }
    }
    if (done.length > 0) await this.#acknowledge(done);
  }

  async #acknowledge(ids: readonly string[]): Promise<void> {
    await this.#pool.query({
      name: 'acknowledge',
      text: 'DELETE FROM queue.message WHERE id = ANY ($1::bigint[])',
      values: [ids],
    });
  }
}

/** What a listener hears: the name of the channel is the key. */
export type Ears = Readonly<Record<string, (payload: string) => void>>;

/** Rings a consumer whenever a message is published to its queue. */
export function ringing(queue: string, ring: () => void): Ears {
  return { [channelOf(queue)]: ring };
}

/**
 * Listens on a connection of its own. One that breaks would leave this process deaf, so it ends then and is replaced.
 */
export async function listen(databaseUrl: string, ears: Ears): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('notification', ({ channel, payload }) => ears[channel]?.(payload ?? ''));
  client.on('error', (error) => {
    log(`the listening connection broke: ${error.message}`);
    process.exit(1);
  });
  await client.connect();
  for (const channel of Object.keys(ears)) await client.query(`LISTEN ${channel}`);
  return client;
}
