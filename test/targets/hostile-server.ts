import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostileServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function listen(server: Server): Promise<HostileServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A real server that answers as the test says, for what no honest shop does. */
export function startServer(answer: RequestListener): Promise<HostileServer> {
  return listen(createServer(answer));
}

/** A port on which nothing listens: it was free a moment ago. */
export async function closedUrl(): Promise<string> {
  const server = await startServer((_, reply) => reply.end());
  await server.stop();
  return server.url;
}
