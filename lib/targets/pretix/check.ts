import { randomBytes } from 'node:crypto';
import type { Connection, Trial } from '../admin.ts';
import { type TrialAsk, tellsJson, triedAll } from '../trial.ts';
import { authorised } from './calls.ts';
import { eventSchema, organizerSchema, pageOf, versionSchema } from './contents.ts';

/** Every call that needs no event, and none that sells: pretix keeps what was ordered for good. */
export function checkContract(connection: Connection): Promise<Trial[]> {
  const headers = authorised(connection);
  const { organizer = '' } = connection.options;
  const root = `/api/v1/organizers/${organizer}/`;
  const nowhere = `${root}events/onsale-check-${randomBytes(5).toString('hex')}/`;
  const get = (path: string, what = path): Omit<TrialAsk, 'statuses'> => ({
    what: `GET ${what}`,
    method: 'GET',
    path,
    headers,
  });
  const order = { email: 'check@load.invalid', positions: [] };
  const post = (what: string, body: TrialAsk['body'] & {}, more: Record<string, string> = {}) => ({
    ...({ what: `POST orders/ ${what}`, method: 'POST', path: `${nowhere}orders/` } as const),
    headers: { ...headers, ...more },
    body,
  });
  return triedAll(connection, [
    { ...get('/healthcheck/'), statuses: [200] },
    {
      ...get('/api/v1/version'),
      statuses: [200],
      fits: tellsJson((content) => versionSchema.safeParse(content).success),
    },
    {
      ...get('/api/v1/version', '/api/v1/version with a wrong token'),
      headers: { Authorization: 'Token wrong' },
      statuses: [401, 403],
    },
    {
      ...get(root, 'the organizer'),
      statuses: [200],
      fits: tellsJson((content) => organizerSchema.safeParse(content).success),
    },
    { ...get('/api/v1/organizers/no-such-organizer/', 'an unknown organizer'), statuses: [403] },
    { ...get(nowhere, 'an unknown event'), statuses: [403] },
    {
      ...get(`${root}events/?page_size=51`, 'events in pages of 51'),
      statuses: [200],
      telling: 'a page of at most 50',
      fits: tellsJson((content) => {
        const page = pageOf(eventSchema).safeParse(content);
        return page.success && page.data.results.length <= 50;
      }),
    },
    {
      ...get(
        `/api/v1/idempotency_query?key=onsale-check-${randomBytes(8).toString('hex')}`,
        'a key never seen',
      ),
      statuses: [404],
    },
    { ...post('of an unknown event', order), statuses: [403] },
    { ...post('with a wrong token', order, { Authorization: 'Token wrong' }), statuses: [401] },
  ]);
}
