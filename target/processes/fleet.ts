import cluster, { type Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { log, RunFailure } from '../failure.ts';
import { freePort } from './free-port.ts';
import type { FromWorker, Services, ToWorker, WorkerOrders } from './worker.ts';

const REPLACEMENTS_MAX = 20;
const REPLACEMENT_DELAY_MS = 100;
const STOP_LIMIT_MS = 5000;
const PORT_ATTEMPTS = 5;

/** What a worker is told, the addresses of the others apart. */
type Orders = Omit<WorkerOrders, 'services'>;

/** One kind of worker: what each is told, and how many there are. */
export interface Crew {
  readonly public: boolean;
  readonly count: number;
  readonly orders: Orders;
}

interface Member {
  readonly crew: Crew;
  /** Where it is internal and listens. */
  readonly url: string | null;
}

/** The worker processes behind the one port, and those behind them. */
export class Fleet {
  /** Rejects when workers die more often than it makes sense to replace them; otherwise stays open. */
  readonly broken: Promise<never>;
  #breakDown: (reason: unknown) => void = () => undefined;
  #stopping = false;
  #replacements = 0;
  #port: number;
  readonly #members = new Map<number, Member>();

  private constructor(port: number) {
    this.#port = port;
    this.broken = new Promise((_, reject) => {
      this.#breakDown = reject;
    });
    // Nobody may be waiting for it yet when it breaks.
    this.broken.catch(() => undefined);
    cluster.on('exit', (worker, code, signal) => {
      const member = this.#members.get(worker.id);
      this.#members.delete(worker.id);
      if (this.#stopping || member === undefined) return;
      this.#tellServices();
      log(`worker ${worker.process.pid} ended (${signal ?? code}) and is replaced`);
      this.#replace(member.crew).catch(this.#breakDown);
    });
  }

  /** Starts all workers, internal ones first; resolves when all serve, and leaves none behind when it rejects. */
  static async start(crews: readonly Crew[]): Promise<Fleet> {
    const front = crews.filter((crew) => crew.public);
    const fleet = new Fleet(front[0]!.orders.port);
    try {
      await fleet.#startAll(crews.filter((crew) => !crew.public));
      await fleet.#settlePort(front[0]!);
      await fleet.#startAll([{ ...front[0]!, count: front[0]!.count - 1 }, ...front.slice(1)]);
      return fleet;
    } catch (error) {
      fleet.kill();
      throw error;
    }
  }

  get port(): number {
    return this.#port;
  }

  /** Lets requests under way end, then ends every worker: first the public ones, which may need the others for that. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const limit = setTimeout(killWorkers, STOP_LIMIT_MS);
    const isPublic = ({ id }: Worker) => this.#members.get(id)?.crew.public === true;
    await endAll(liveWorkers().filter(isPublic));
    await endAll(liveWorkers());
    clearTimeout(limit);
  }

  /** Ends every worker at once. */
  kill(): void {
    this.#stopping = true;
    killWorkers();
  }

  /**
   * Starts the first public worker. The port is settled before that and not by port 0 in the worker, so that it stays
   * the same when every worker has died and the next one opens it anew.
   */
  async #settlePort(crew: Crew): Promise<void> {
    if (this.#port !== 0) return this.#start(crew);
    for (let attempt = 1; ; attempt += 1) {
      this.#port = await findPort(crew.orders.host);
      try {
        return await this.#start(crew);
      } catch (error) {
        if (!(error instanceof PortTaken) || attempt === PORT_ATTEMPTS) throw error;
      }
    }
  }

  async #startAll(crews: readonly Crew[]): Promise<void> {
    await Promise.all(
      crews.flatMap((crew) => Array.from({ length: crew.count }, () => this.#start(crew))),
    );
  }

  async #start(crew: Crew): Promise<void> {
    const orders = { ...crew.orders, port: this.#port, services: this.#services() };
    const { id, url } = await startWorker(orders);
    this.#members.set(id, { crew, url });
    this.#tellServices();
  }

  #services(): Services {
    const services: Record<string, string[]> = {};
    for (const { crew, url } of this.#members.values()) {
      const { role } = crew.orders;
      if (url !== null) services[role] = [...(services[role] ?? []), url];
    }
    return services;
  }

  #tellServices(): void {
    const services = this.#services();
    for (const worker of liveWorkers())
      if (this.#members.has(worker.id)) send(worker, { services });
  }

  async #replace(crew: Crew): Promise<void> {
    this.#replacements += 1;
    if (this.#replacements > REPLACEMENTS_MAX) throw workersKeepDying();
    await sleep(REPLACEMENT_DELAY_MS);
    if (!this.#stopping) await this.#start(crew);
  }
}

/** Tells workers to end and waits until they have; those that have ended already are not waited for. */
export async function endAll(workers: readonly Worker[]): Promise<void> {
  // A worker whose 'exit' has been emitted stays in cluster.workers until its channel is closed, too.
  const running = workers.filter((worker) => !worker.isDead());
  const gone = running.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  for (const worker of running) send(worker, { stop: true });
  await Promise.all(gone);
}

async function findPort(host: string): Promise<number> {
  try {
    return await freePort(host);
  } catch (error) {
    const { code = 'unknown', message } = error as NodeJS.ErrnoException;
    throw cannotListen({ host, port: 0 }, { code, text: message });
  }
}

function startWorker(orders: WorkerOrders): Promise<{ id: number; url: string | null }> {
  const worker = cluster.fork();
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if ('ready' in message) send(worker, { serve: orders });
      else if ('serving' in message) resolve({ id: worker.id, url: message.serving.url });
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
