import type { Operation } from '../../lib/model/operation.ts';
import type { OrderRow } from '../../lib/model/state.ts';
import { keyOf } from './notation.ts';
import type { Keyless } from './small-keyless.ts';

/*
 * The naive judge of rows without keys: tries every way to give rows, or the single tickets in them, to who can have made
 * them. It shares no code and no idea with the checks.
 */

const isAsking = ({ kind }: Operation) => kind === 'purchase' || kind === 'hold';
const may = ({ outcome }: Operation) => outcome === 'ok' || outcome === 'info';

interface Intent {
  readonly buyer: string | null;
  readonly operations: readonly Operation[];
}

function intentsOf({ buyers, operations }: Keyless): Intent[] {
  return buyers.map((buyer, i) => ({
    buyer,
    operations: operations.filter(({ intent }) => intent === keyOf(`b${i}`)),
  }));
}

const isOf = (small: Keyless, row: OrderRow, buyer: string | null) =>
  !small.byBuyer || buyer === null || row.buyer === '' || buyer === row.buyer;

/** Some purchase that was acknowledged for good has no row, whoever's the rows are; each is of one purchase. */
export function hasLoss(small: Keyless): boolean {
  const needy = intentsOf(small).filter(
    ({ operations }) =>
      operations.some(isAsking) &&
      operations.some((each) => each.outcome === 'ok' && /^(purchase|pay)$/.test(each.kind)) &&
      !operations.some((each) => each.kind === 'cancel' && may(each)),
  );
  return !canServe(needy, small.rows, (intent, row) => canBeOf(small, intent, row));
}

function canServe(
  needy: readonly Intent[],
  rows: readonly OrderRow[],
  fits: (intent: Intent, row: OrderRow) => boolean,
): boolean {
  const [first, ...rest] = needy;
  if (first === undefined) return true;
  return rows.some((row, i) => fits(first, row) && canServe(rest, rows.toSpliced(i, 1), fits));
}

function canBeOf(small: Keyless, { buyer, operations }: Intent, row: OrderRow): boolean {
  if (!isOf(small, row, buyer)) return false;
  const made = operations.filter(({ kind }) => kind !== 'cancel');
  if (!made.some(({ pool }) => pool === row.pool)) return false;
  if (small.clockSkewMs === null || row.createdAt === undefined) return true;
  const doubt = small.clockSkewMs + small.clockErrorMs;
  const ends = made.map(({ outcome, end }) => (outcome === 'info' ? Infinity : end));
  return (
    row.createdAt >= Math.min(...made.map(({ start }) => start)) - doubt &&
    row.createdAt <= Math.max(...ends) + doubt
  );
}

interface Request {
  readonly operation: Operation;
  readonly buyer: string | null;
  readonly isRefused: boolean;
}

/** Of an intent that did nothing but pay, each payment. */
function requestsOf(small: Keyless): Request[] {
  return intentsOf(small).flatMap(({ buyer, operations }) => {
    const asking = operations.filter(isAsking);
    const pays = operations.filter(({ kind }) => kind === 'pay');
    const isRefused = ![...asking, ...pays].some(may);
    return (asking.length > 0 ? asking : pays).map((operation) => ({
      ...{ operation, buyer, isRefused },
    }));
  });
}

function mayHaveMade(small: Keyless, { operation, buyer }: Request, row: OrderRow): boolean {
  if (operation.pool !== row.pool || !isOf(small, row, buyer)) return false;
  if (small.clockSkewMs === null || row.createdAt === undefined) return true;
  return operation.start <= row.createdAt + small.clockSkewMs + small.clockErrorMs;
}

/** The most tickets in live rows that these requests can have asked for, a request at most as many as it did ask for. */
function explained(small: Keyless, requests: readonly Request[]): number {
  const asked = requests.flatMap((request) =>
    Array.from({ length: request.operation.quantity }, () => request),
  );
  const ofTicket = new Map<number, number>();
  const tickets = liveTickets(small);
  /** Looks for a ticket for one of what was asked for, moving others out of the way. */
  const finds = (place: number, seen: Set<number>): boolean =>
    tickets.some((row, ticket) => {
      if (seen.has(ticket) || !mayHaveMade(small, asked[place]!, row)) return false;
      seen.add(ticket);
      const other = ofTicket.get(ticket);
      if (other !== undefined && !finds(other, seen)) return false;
      ofTicket.set(ticket, place);
      return true;
    });
  return asked.filter((_, place) => finds(place, new Set())).length;
}

const liveTickets = ({ rows }: Keyless) =>
  rows
    .filter(({ status }) => status === 'live')
    .flatMap((row) => Array.from({ length: row.quantity }, () => row));

/** Tickets that no request can have asked for, or a cancelled row of which that is so. */
export function hasPhantom(small: Keyless): boolean {
  const requests = requestsOf(small);
  const gone = small.rows.filter(({ status }) => status === 'cancelled');
  return (
    explained(small, requests) < liveTickets(small).length ||
    gone.some((row) => !requests.some((request) => mayHaveMade(small, request, row)))
  );
}

/** A refused buyer owns a row, or a refused request explains one that names nobody, which no other request can explain. */
export function hasRefusedSale(small: Keyless): boolean {
  const requests = requestsOf(small);
  const others = requests.filter(({ isRefused }) => !isRefused);
  if (!small.byBuyer) return explained(small, others) < explained(small, requests);
  return ['u0', 'u1'].some((owner) =>
    ['A', 'B'].some((pool) => {
      const own = small.rows.filter((row) => row.buyer === owner && row.pool === pool);
      const isRefused = requests.some(
        (each) => each.isRefused && each.buyer === owner && each.operation.pool === pool,
      );
      const ofOwner = { ...small, rows: own };
      return isRefused && explained(ofOwner, others) < liveTickets(ofOwner).length;
    }),
  );
}

/** The same where others may buy: of a buyer of whom, and of nobody known, no request bought or may have. */
export function hasRefusedOwner(small: Keyless): boolean {
  const refused = ['u0', 'u1'].filter((owner) =>
    requestsOf(small).every(
      ({ buyer, isRefused }) => isRefused || (buyer !== null && buyer !== owner),
    ),
  );
  const rows = small.rows.filter(({ buyer }) => refused.includes(buyer));
  return small.byBuyer && hasRefusedSale({ ...small, rows });
}
