import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, isAbsolute, join } from 'node:path';
import { RunFailure } from '../failure.ts';
import { freePort } from '../processes/free-port.ts';
import type { Needs } from './install.ts';
import { type ServiceProcess, startService, untilReady } from './service-process.ts';

/** A running Redis of our own; `url` holds its password. */
export interface Redis {
  readonly url: string;
  readonly service: ServiceProcess;
}

const START_LIMIT_MS = 20_000;
const START_ATTEMPTS = 5;
const ANSWER_LIMIT_MS = 1000;

/** Starts the machine's redis-server for ourselves, keeping nothing on disk; null where the machine has none. */
export async function startRedis(
  { env, signal, owns }: Needs,
  folder: string,
): Promise<Redis | null> {
  const program = findProgram('redis-server', env.PATH ?? '');
  if (program === null) return null;
  const home = join(folder, 'redis');
  mkdirSync(home);
  const password = randomBytes(24).toString('base64url');
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort('127.0.0.1');
    const service = startService([program, '-'], {
      ...{ name: 'Redis', env, cwd: home, logPath: join(home, 'redis.log'), owns },
      input: configuration(port, password, home),
    });
    const ready = () => answers(port, password);
    if (await untilReady(service, ready, { limitMs: START_LIMIT_MS, signal }))
      return { url: `redis://:${password}@127.0.0.1:${port}/0`, service };
    // Between finding a free port and taking it, somebody else may have taken it.
    if (attempt < START_ATTEMPTS && /already in use/i.test(service.words())) continue;
    throw couldNotStart(program, service.words());
  }
}

/** Over standard input, where nobody else reads the password. */
function configuration(port: number, password: string, home: string): string {
  return `bind 127.0.0.1\nport ${port}\nrequirepass ${password}\nsave ""\nappendonly no\ndir "${home}"\n`;
}

/** Says PING with the password; false while nobody listens or the answer is another. */
function answers(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (good: boolean) => {
      socket.destroy();
      resolve(good);
    };
    let heard = '';
    socket.setTimeout(ANSWER_LIMIT_MS, () => answer(false));
    socket.on('error', () => answer(false)).on('close', () => answer(false));
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      if (heard.includes('+PONG')) answer(true);
    });
    socket.write(`AUTH ${password}\r\nPING\r\n`);
  });
}

function findProgram(name: string, path: string): string | null {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const program = join(folder, name);
    try {
      accessSync(program, constants.X_OK);
      return program;
    } catch {
      // Not in this one.
    }
  }
  return null;
}

function couldNotStart(program: string, words: string): RunFailure {
  return new RunFailure({
    expected: 'Redis to start',
    got: words || 'no word from it',
    where: program,
    remedy: 'Mend it, or take it off PATH: pretix runs without one, too.',
  });
}
