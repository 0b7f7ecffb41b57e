// A small ticket shop for docs/tutorial.md: one process, node:http, everything in memory, and habits of its own.
//
//   node examples/tutorial-shop/shop.mjs [--port 4000] [--key letmein] [--race]
//
//   GET  /shows                       {"shows":[{"id":1,"title":"…","left":40}]}
//   GET  /shows/:id                   {"id":1,"title":"…","left":40}, or 404 {"why":"unknown"}
//   POST /buy                         {"show":1,"who":"ann","count":2}
//        200 {"ok":true,"ticket":17}  sold
//        200 {"ok":false,"why":"gone"}  not enough left
//        200 {"ok":false,"why":"greedy"}  more than 6 at once
//        400 {"ok":false,"why":"malformed"}
//        503 {"ok":false,"why":"later"}  too many at once; nothing was sold
//   POST   /admin/shows               {"title":"…","seats":40}: 201 with the show
//   DELETE /admin/shows/:id           204; its sales go with it
//   GET    /admin/sales?show=1&page=1 {"sales":[{"ticket":17,"show":1,"who":"ann","count":2}],"next":2}; next is null at last
//        /admin wants the header X-Key: 401 without it
//
// Each sale asks a card service, which takes 50 ms. The shop takes the seats before it asks. With --race it
// looks whether there are enough, asks, and takes them then: who asked in between was told the same.
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4000' },
    key: { type: 'string', default: 'letmein' },
    race: { type: 'boolean', default: false },
  },
});

const PAGE = 100;
const COUNT_MAX = 6;
const AT_ONCE_MAX = 5000;
const CARD_MS = 50;

const shows = new Map([[1, { id: 1, title: 'Matinee', left: 40 }]]);
const sales = [];
let lastShow = 1;
let lastTicket = 0;
let buying = 0;

const no = (why) => ({ ok: false, why });
const askCardService = () => pause(CARD_MS);

async function buy({ show: id, who, count } = {}) {
  const show = shows.get(id);
  if (show === undefined || typeof who !== 'string' || !Number.isInteger(count) || count < 1)
    return [400, no('malformed')];
  if (count > COUNT_MAX) return [200, no('greedy')];
  if (show.left < count) return [200, no('gone')];
  if (!values.race) show.left -= count;
  await askCardService();
  if (values.race) show.left -= count;
  const ticket = ++lastTicket;
  sales.push({ ticket, show: id, who, count });
  return [200, { ok: true, ticket }];
}

async function buyInTurn(body) {
  if (buying >= AT_ONCE_MAX) return [503, no('later')];
  buying++;
  try {
    return await buy(body);
  } finally {
    buying--;
  }
}

function newShow({ title, seats } = {}) {
  if (typeof title !== 'string' || !Number.isInteger(seats) || seats < 0)
    return [400, no('malformed')];
  const show = { id: ++lastShow, title, left: seats };
  shows.set(show.id, show);
  return [201, show];
}

function endShow(id) {
  if (!shows.delete(id)) return [404, no('unknown')];
  for (let i = sales.length - 1; i >= 0; i--) if (sales[i].show === id) sales.splice(i, 1);
  return [204, null];
}

function salesPage(query) {
  const page = Number(query.get('page') ?? 1);
  const all = sales.filter(({ show }) => show === Number(query.get('show')));
  const rows = all.slice((page - 1) * PAGE, page * PAGE);
  return [200, { sales: rows, next: page * PAGE < all.length ? page + 1 : null }];
}

async function answer(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://shop');
  const [, first, second, third] = pathname.split('/');
  const body = await bodyOf(request);
  const isAdmin = first === 'admin';
  if (isAdmin && request.headers['x-key'] !== values.key) return [401, no('key')];
  if (body === undefined) return [400, no('malformed')];
  switch (`${request.method} ${isAdmin ? `admin/${second}` : first}`) {
    case 'GET shows': {
      if (second === undefined) return [200, { shows: [...shows.values()] }];
      const show = shows.get(Number(second));
      return show === undefined ? [404, no('unknown')] : [200, show];
    }
    case 'POST buy':
      return buyInTurn(body);
    case 'POST admin/shows':
      return newShow(body);
    case 'DELETE admin/shows':
      return endShow(Number(third));
    case 'GET admin/sales':
      return salesPage(searchParams);
    default:
      return [404, no('unknown')];
  }
}

/** An object, empty where nothing was sent; undefined where it is none. */
async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  try {
    const value = JSON.parse(text || '{}');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const server = createServer(async (request, reply) => {
  try {
    const [status, content] = await answer(request);
    reply.writeHead(status, { 'Content-Type': 'application/json' });
    reply.end(content === null ? undefined : JSON.stringify(content));
  } catch {
    // The client went away while it was talking.
    reply.destroy();
  }
});
server.listen(Number(values.port), '127.0.0.1', () => {
  const { port } = server.address();
  console.log(
    `The shop is open at http://127.0.0.1:${port}${values.race ? ', with a race in it' : ''}.`,
  );
});
