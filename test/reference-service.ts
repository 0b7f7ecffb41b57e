import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 30_000;

const readySchema = z.object({ url: z.url(), databaseUrl: z.string() });

export interface ReferenceService {
  readonly url: string;
  readonly databaseUrl: string;
  /** Ends it and waits until its processes, its database and its folder are gone. */
  stop(): Promise<void>;
}

/** The first line on stdout that is a JSON object; null if the program ended before. */
async function readyLine(service: ChildProcess): Promise<string | null> {
  for await (const line of createInterface({ input: service.stdout! })) {
    if (line.startsWith('{')) return line;
  }
  return null;
}

/**
 * Starts the reference service, several processes on a PostgreSQL of its own, and waits until it serves. It ends by
 * itself when this process does: its stdin is a pipe from here.
 */
export async function startReferenceService(
  options: { flaws?: readonly string[]; processes?: number } = {},
): Promise<ReferenceService> {
  const flags = (options.flaws ?? []).flatMap((flaw) => ['--flaw', flaw]);
  if (options.processes !== undefined) flags.push('--processes', String(options.processes));
  const service = spawn(
    process.execPath,
    ['--import', 'tsx', 'target/main.ts', 'up', '--until-stdin-closes', ...flags],
    { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let said = '';
  service.stderr!.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-4000);
  });
  const ended = once(service, 'exit');
  const limit = setTimeout(() => service.kill('SIGKILL'), START_LIMIT_MS);
  const line = await readyLine(service);
  clearTimeout(limit);
  if (line === null) {
    service.stdin!.end();
    throw new Error(`the reference service did not start: ${said}`);
  }
  service.stdout!.resume();
  return {
    ...readySchema.parse(JSON.parse(line)),
    stop: async () => {
      service.stdin!.end();
      const stuck = setTimeout(() => service.kill('SIGKILL'), STOP_LIMIT_MS);
      const [code] = await ended;
      clearTimeout(stuck);
      if (code !== 0) throw new Error(`the reference service ended with ${code}: ${said}`);
    },
  };
}
