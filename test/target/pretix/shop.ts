import { setTimeout as sleep } from 'node:timers/promises';
import type { Ready } from '../service.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of a reply is what the tests look at
  readonly body: any;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Speaks to one pretix with its token, as the documentation of its REST API says. */
export class Shop {
  readonly url: string;
  readonly #token: string;
  #events = 0;

  constructor({ url, environment }: Ready) {
    this.url = url;
    this.#token = environment.ONSALE_TOKEN!;
  }

  /** `path` below /api/v1/. A text as body is sent as it is; a header that is empty is not sent. */
  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { body } = options;
    const sent: Record<string, string> = {
      Authorization: `Token ${this.#token}`,
      'Accept-Language': 'en',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...options.headers,
    };
    const headers = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));
    const response = await fetch(`${this.url}/api/v1/${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  }

  /** A new event that sells one product with a question, `size` of it. */
  async sale(size: number | null): Promise<Sale> {
    this.#events += 1;
    const slug = `event-${this.#events}`;
    const marker = `ONSALE-Q${this.#events}`;
    await this.#made('organizers/onsale/events/', {
      name: { en: slug },
      slug,
      live: false,
      testmode: false,
      currency: 'EUR',
      date_from: '2027-04-23T10:00:00Z',
      timezone: 'UTC',
      plugins: ['pretix.plugins.manualpayment'],
    });
    const path = `organizers/onsale/events/${slug}/`;
    const item = await this.#made(`${path}items/`, {
      name: { en: 'Regular ticket' },
      default_price: '23.00',
      active: true,
      admission: true,
    });
    const quota = await this.#made(`${path}quotas/`, {
      ...{ name: marker, size, items: [item], variations: [] },
    });
    const question = await this.#made(`${path}questions/`, {
      question: { en: '1' },
      type: 'N',
      required: false,
      items: [item],
      position: 1,
      identifier: 'Q1',
    });
    return { path, marker, item, quota, question };
  }

  async #made(path: string, body: unknown): Promise<number> {
    const answer = await this.call('POST', path, { body });
    if (answer.status !== 201)
      throw new Error(`POST ${path}: ${answer.status} ${answer.text.slice(0, 500)}`);
    return answer.body.id;
  }

  buy(sale: Sale, options: CallOptions & { query?: string } = {}): Promise<Answer> {
    const { query = '', body = order(sale), headers } = options;
    return this.call('POST', `${sale.path}orders/${query}`, { body, ...(headers && { headers }) });
  }

  /** So many buyers at once, each with one ticket; a lock that took too long is waited for again. */
  async rush(sale: Sale, buyers: number, query = ''): Promise<number[]> {
    const buy = async (): Promise<number> => {
      const { status } = await this.buy(sale, { query });
      if (status !== 409) return status;
      await sleep(200);
      return buy();
    };
    return Promise.all(Array.from({ length: buyers }, buy));
  }

  async availability({ path, quota }: Sale): Promise<Readonly<Record<string, number | boolean>>> {
    return (await this.call('GET', `${path}quotas/${quota}/availability/`)).body;
  }
}

export interface Sale {
  /** Below /api/v1/, with a slash at the end. */
  readonly path: string;
  /** Name of the quota. */
  readonly marker: string;
  readonly item: number;
  readonly quota: number;
  readonly question: number;
}

let buyers = 0;

/** What one buyer sends for `count` tickets. */
export function order({ item, question }: Sale, count = 1) {
  buyers += 1;
  const position = {
    item,
    attendee_name_parts: { full_name: `Buyer ${buyers}` },
    answers: [{ question, answer: '23', options: [] }],
  };
  return {
    email: `buyer-${buyers}@load.invalid`,
    locale: 'en',
    sales_channel: 'web',
    positions: Array.from({ length: count }, () => position),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page or nothing; the tests look at the text then.
    return null;
  }
}
