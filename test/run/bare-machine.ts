import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import type { FindK6Options } from '../../lib/run/k6-binary.ts';
import { K6_CHECKSUMS, K6_VERSION, k6Archive } from '../../lib/run/k6-release.ts';
import { makeTarGz } from './make-archive.ts';

export const archive = k6Archive('linux', process.arch)!;
export const fakeK6 = `#!/bin/sh\necho 'k6 v${K6_VERSION} (go1.26, linux/amd64)'\n`;
/** Fresh for each test, see `useBareMachine`. */
export const machine = { home: '', notes: [] as string[], servers: [] as Server[] };

/** A home folder of its own for each test of the file, with tools that the scripts need and nothing else. */
export function useBareMachine(): void {
  beforeEach(async () => {
    machine.home = await mkdtemp(join(tmpdir(), 'onsale-test-k6-'));
    machine.notes = [];
    // Not /bin itself: there may be a k6 or a Go in it.
    await mkdir(join(machine.home, 'tools'));
    for (const tool of ['cat', 'chmod', 'sleep']) {
      await symlink(join('/bin', tool), join(machine.home, 'tools', tool));
    }
    vi.stubEnv('NO_PROXY', '127.0.0.1');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const server of machine.servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    await rm(machine.home, { recursive: true, force: true });
  });
}

/** A machine with nothing on it but a shell, and no way out but to `releaseUrl`. */
export function options(
  more: Partial<FindK6Options> = {},
  env: NodeJS.ProcessEnv = {},
): FindK6Options {
  return {
    env: {
      PATH: [join(machine.home, 'bin'), join(machine.home, 'tools')].join(delimiter),
      HOME: machine.home,
      ...env,
    },
    onNote: (text) => machine.notes.push(text),
    signal: new AbortController().signal,
    releaseUrl: 'http://127.0.0.1:1',
    ...more,
  };
}

export async function writeScript(path: string, text: string) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  machine.servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A release server; counts what was asked for. */
export async function serveRelease(packed: Buffer, sum = sha256(packed)) {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    const name = request.url!.slice(1);
    asked.push(name);
    if (name === K6_CHECKSUMS) {
      response.end(`${'0'.repeat(64)}  other.zip\n${sum}  ${archive.name}\n`);
    } else if (name === archive.name) response.end(packed);
    else response.writeHead(404).end();
  });
  return { url, asked };
}

export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (reason: unknown) => reason,
  );
}

export const goodArchive = () => makeTarGz([{ name: archive.entry, content: fakeK6 }]);
