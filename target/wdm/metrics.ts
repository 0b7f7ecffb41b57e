import type { FastifyInstance } from 'fastify';

/** Adds `GET /metrics`: how many requests this process has answered, by method and status, as Prometheus reads it. */
export function addMetrics(app: FastifyInstance): void {
  const counts = new Map<string, number>();
  app.addHook('onResponse', async (request, reply) => {
    const labels = `method="${request.method}",http_status="${reply.statusCode}"`;
    counts.set(labels, (counts.get(labels) ?? 0) + 1);
  });
  app.get('/metrics', (_request, reply) => {
    const lines = [...counts].map(([labels, count]) => `http_requests_total{${labels}} ${count}\n`);
    const head =
      '# HELP http_requests_total Requests answered.\n# TYPE http_requests_total counter\n';
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(head + lines.join(''));
  });
}
