// An API of your own, as Onsale drives and reads it back. It works for the small shop of docs/tutorial.md:
//
//   node examples/tutorial-shop/shop.mjs
//   export ONSALE_TOKEN=letmein
//   bin/loadtest targets check ./my-shop.ts --url http://127.0.0.1:4000
//   bin/loadtest run purchase-burst --target ./my-shop.ts --url http://127.0.0.1:4000
//
// Change it from top to bottom for yours; the test beside it says whether replies are read as you mean them.
import { type Admin, defineProtocol, failed, get, ok, post, refused, soldOut } from 'onsale';

// What buyers do. This part runs inside k6: plain functions, nothing of Node or npm.
export const protocol = defineProtocol({
  purchase: {
    // `asked` has buyer, pool, intent (key, quantity), secret, data, seat and order. Put `intent.key` into the request
    // where the API has room for a reference: then orders are known by it.
    say: ({ buyer, pool, intent }) =>
      post('/buy', { show: Number(pool.id), who: buyer.id, count: intent.quantity }),
    // Say only what you are sure of. Anything else is classed with care: no reply and 5xx *may have happened*, 400 to
    // 404 certainly did not. `content` is the reply's JSON object, `status` and `body` are as they came.
    read: ({ status, content }) => {
      if (status === 200 && content.ok === true) return ok({ order: content.ticket });
      // Only for being sold out: false-sold-out and the time to sell out rest on it.
      if (status === 200 && content.why === 'gone') return soldOut();
      if (status === 200 && content.why === 'greedy') return refused('limit-reached');
      if (status === 503 && content.why === 'later') return failed('busy');
    },
  },
  // Optional, like hold, pay, cancel, status, view and resolve: what is there decides which scenarios can be played.
  availability: {
    say: ({ pool }) => get(`/shows/${pool.id}`),
    read: ({ status, content }) => status === 200 && ok({ value: content.left }),
  },
});

interface Show {
  id: number;
  title: string;
  left: number;
}
interface SalesPage {
  sales: { ticket: number; show: number; who: string; count: number }[];
  next: number | null;
}

// How the shop is prepared before the load and read back after it. This part runs in Node and may use its packages.
export const admin: Admin = {
  summary: 'the small shop of the tutorial',
  // Scenarios may ask for several tickets at once.
  capabilities: ['quantities'],
  // ONSALE_TOKEN is taken from the environment and written nowhere.
  secret: 'the X-Key of the shop’s administration',
  headers: ({ token }) => ({ 'X-Key': token ?? '' }),

  // All pools with what is left. One that was made is found again by its name.
  pools: async (shop) => {
    const { shows } = await shop.get<{ shows: Show[] }>('/shows');
    return shows.map(({ id, title, left }) => ({ id, name: title, left }));
  },
  // Without it, what is on sale is sold as it is. With `makeBuyer`, buyers could be made, too.
  makePool: async (shop, { name, capacity }) => {
    const { id } = await shop.post<Show>('/admin/shows', { title: name, seats: capacity });
    return id;
  },
  removePool: async (shop, id) => {
    await shop.delete(`/admin/shows/${id}`);
  },
  // Every order of these pools, every page: a page that is lost would look like lost purchases. A shop that lists only
  // a buyer's own orders has `ordersOf: (shop, buyer) => …` instead.
  orders: async (shop, { pools }) => {
    const rows = [];
    for (const { id } of pools) {
      for (let page: number | null = 1; page !== null; ) {
        const read: SalesPage = await shop.get(`/admin/sales?show=${id}&page=${page}`);
        rows.push(...read.sales);
        page = read.next;
      }
    }
    return rows.map(({ ticket, show, who, count }) => ({
      id: ticket,
      pool: show,
      buyer: who,
      quantity: count,
    }));
  },
  // Sales are never taken out of the listing while their show is there.
  keepsCancelled: true,

  // Calls that `targets check` compares with what you expect. They must sell nothing.
  check: ({ pool }) => [
    { say: get(`/shows/${pool}`), statuses: [200], fits: ({ content }) => 'left' in content },
    { say: get('/shows/0'), statuses: [404] },
    { say: post('/buy', { show: 0 }), statuses: [400] },
    { say: get('/admin/sales?show=0', { 'X-Key': 'wrong' }), statuses: [401] },
  ],
};
