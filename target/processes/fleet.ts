import cluster, { type Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { log, RunFailure } from '../failure.ts';
import { freePort } from './free-port.ts';
import type { FromWorker, ToWorker, WorkerOrders } from './worker.ts';

const REPLACEMENTS_MAX = 20;
const REPLACEMENT_DELAY_MS = 100;
const STOP_LIMIT_MS = 5000;
const PORT_ATTEMPTS = 5;

/** The worker processes behind the one port. */
export class Fleet {
  /** Rejects when workers die more often than it makes sense to replace them; otherwise stays open. */
  readonly broken: Promise<never>;
  #breakDown: (reason: unknown) => void = () => undefined;
  #stopping = false;
  #replacements = 0;
  #orders: WorkerOrders;

  private constructor(orders: WorkerOrders) {
    this.#orders = orders;
    this.broken = new Promise((_, reject) => {
      this.#breakDown = reject;
    });
    // Nobody may be waiting for it yet when it breaks.
    this.broken.catch(() => undefined);
    cluster.on('exit', (worker, code, signal) => {
      if (this.#stopping) return;
      log(`worker ${worker.process.pid} ended (${signal ?? code}) and is replaced`);
      this.#replace().catch(this.#breakDown);
    });
  }

  /** Starts `count` workers; resolves when all of them listen, and leaves none behind when it rejects. */
  static async start(count: number, orders: WorkerOrders): Promise<Fleet> {
    const fleet = new Fleet(orders);
    try {
      await fleet.#settlePort();
      await Promise.all(Array.from({ length: count - 1 }, () => startWorker(fleet.#orders)));
      return fleet;
    } catch (error) {
      fleet.kill();
      throw error;
    }
  }

  get port(): number {
    return this.#orders.port;
  }

  /** Lets requests under way end, then ends every worker. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const workers = liveWorkers();
    const gone = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    for (const worker of workers) send(worker, { stop: true });
    const limit = setTimeout(killWorkers, STOP_LIMIT_MS);
    await Promise.all(gone);
    clearTimeout(limit);
  }

  /** Ends every worker at once. */
  kill(): void {
    this.#stopping = true;
    killWorkers();
  }

  /**
   * Starts the first worker. The port is settled before that and not by port 0 in the worker, so that it stays the
   * same when every worker has died and the next one opens it anew.
   */
  async #settlePort(): Promise<void> {
    const { host, port: asked } = this.#orders;
    if (asked !== 0) return startWorker(this.#orders);
    for (let attempt = 1; ; attempt += 1) {
      this.#orders = { ...this.#orders, port: await findPort(host) };
      try {
        return await startWorker(this.#orders);
      } catch (error) {
        if (!(error instanceof PortTaken) || attempt === PORT_ATTEMPTS) throw error;
      }
    }
  }

  async #replace(): Promise<void> {
    this.#replacements += 1;
    if (this.#replacements > REPLACEMENTS_MAX) throw workersKeepDying();
    await sleep(REPLACEMENT_DELAY_MS);
    if (!this.#stopping) await startWorker(this.#orders);
  }
}

async function findPort(host: string): Promise<number> {
  try {
    return await freePort(host);
  } catch (error) {
    const { code = 'unknown', message } = error as NodeJS.ErrnoException;
    throw cannotListen({ host, port: 0 }, { code, text: message });
  }
}

function startWorker(orders: WorkerOrders): Promise<void> {
  const worker = cluster.fork();
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if ('ready' in message) send(worker, { serve: orders });
      else if ('listening' in message) resolve();
      else reject(cannotListen(orders, message.couldNotListen));
    });
    worker.once('exit', (code) => reject(diedAtStart(code)));
  });
}

/** Also for whoever has no fleet yet. */
export function killWorkers(): void {
  for (const worker of liveWorkers()) worker.process.kill('SIGKILL');
}

function liveWorkers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

function send(worker: Worker, message: ToWorker): void {
  worker.send(message, (error: Error | null) => {
    if (error !== null) log(`worker ${worker.process.pid} cannot be told: ${error.message}`);
  });
}

class PortTaken extends RunFailure {}

function cannotListen(
  { host, port }: { host: string; port: number },
  { code, text }: { code: string; text: string },
): RunFailure {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program is using it',
    EACCES: 'this user may not listen there',
    EADDRNOTAVAIL: 'the address is not one of this machine',
  };
  const Kind = code === 'EADDRINUSE' ? PortTaken : RunFailure;
  return new Kind({
    expected: 'an address and port that are free to listen on',
    got: reasons[code] ?? text,
    where: `${host} port ${port}`,
    remedy: 'Name others with --host and --port (0 is a free port), or stop whoever holds it.',
  });
}

function diedAtStart(code: number): RunFailure {
  return new RunFailure({
    expected: 'a worker process to start',
    got: `exit code ${code}`,
    where: 'node:cluster',
    remedy: 'Look at the lines above; try --processes 1.',
  });
}

function workersKeepDying(): RunFailure {
  return new RunFailure({
    expected: 'worker processes that stay alive',
    got: `more than ${REPLACEMENTS_MAX} that had to be replaced`,
    where: 'node:cluster',
    remedy: 'Look at the lines above for what ended them.',
  });
}
