import type { FastifyReply } from 'fastify';

const SENTENCES: Readonly<Record<number, readonly [title: string, sentence: string]>> = {
  400: [
    'Bad Request',
    'The browser (or proxy) sent a request that this server could not understand.',
  ],
  404: [
    'Not Found',
    'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
  ],
  405: ['Method Not Allowed', 'The method is not allowed for the requested URL.'],
  413: ['Request Entity Too Large', 'The data value transmitted exceeds the capacity limit.'],
  500: [
    'Internal Server Error',
    'The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.',
  ],
  503: [
    'Service Unavailable',
    'The server is temporarily unable to service your request due to maintenance downtime or capacity problems. Please try again later.',
  ],
};

/** The page that Flask's own server answers with where the shop's code has no answer. */
export function sendPage(reply: FastifyReply, status: number): FastifyReply {
  const [title, sentence] = SENTENCES[status] ?? SENTENCES[500]!;
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>${sentence}</p>\n`,
    );
}

/** Sent as bytes, because to text fastify would add a charset that Flask does not send. */
export function sendJson(reply: FastifyReply, status: number, content: unknown): FastifyReply {
  return reply
    .code(status)
    .type('application/json')
    .send(Buffer.from(JSON.stringify(content)));
}
