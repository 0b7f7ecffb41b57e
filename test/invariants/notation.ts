import { historyOf } from '../../lib/history/columns.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import type { Pool } from '../../lib/model/fixture.ts';
import type { Operation, OperationKind, Outcome } from '../../lib/model/operation.ts';
import type { Rules } from '../../lib/model/rules.ts';
import type { Account, OrderRow, PaymentRow, State } from '../../lib/model/state.ts';

/*
 * A whole sale in one line, statements separated by `;`:
 *
 *   A 2                         pool A has 2 tickets
 *   A 2 of 5                    the fixture says that it may sell 5, the shop said that 2 were left
 *   b1 buy(2) A [0,5] ok        intent b1 asks for 2 of A from 0 to 5 ms; ends ok, refused, fail or info
 *   b1 buy(1) A [0,5] refused too-many    the reason; without it `sold-out` for refused
 *   b1 hold(2) A [0,5] ok       likewise hold, pay, cancel, avail, status, view; without a number it is 1
 *   b1 pay A [6,9] ok amount=20 order=o7    what else an operation tells: order, seat, value, state, expires, amount, lags
 *   price A 10                  what a ticket of A costs
 *   rule idempotency=replay holdMs=50 atomic    what the sale promises; numbers are numbers
 *   moves {"held":["paid"]}     the rules' moves, as JSON
 *   buyer u1 100: b1, b2        intents of buyer u1, whose credit is 100; without a number no account is kept
 *   seats A s1, s2              the names of the pool's seats
 *   wants 0: b1, b3             the plan has these intents want the first of the pool's seats
 *   planned b9                  in the plan, but nothing of it in the history
 *   F: b1×2 A, ?×1 A, b2×1 A cancelled    rows of the final state; `?` is a stranger's. No `F:`, no final state
 *   F: left A 3, left B ?       what the shop says is left; without it what fits the rows; `?`: it does not tell
 *   F: unsettled, partial, unlisted, forgets, read 50    not settled; not complete; lists only our buyers' orders;
 *                               keeps no cancelled rows; read at 50 ms
 *   F: lags                     read from a copy that may lag behind
 *   F: b1×1 A #7                a row with the id 7; without it row-1, row-2, …
 *   F: b1×1 A state=held seat=s1 amount=20 expires=90 at=5 by=u1    what else a row tells; `at` is when it was made
 *   F: count A cache 3          what a counter of its own, `cache`, says is left
 *   F: u1 has 80                the account of buyer u1
 *   F: b1 charged 20, b1 refunded 20, ? charged 5, #7 charged 20    payments, by intent or by the order's id
 *   F: no payments, no accounts    they are listed, and there is none
 *   unplanned                   there is no plan, as of an imported history
 *   exclusive                   the user vouches that nobody else buys from the pools
 *   incomplete                  the history lacks requests
 *   clock 5                     clock error of 5 ms
 *   baseline x, y               ids of orders from before the run
 *
 * Intents b<number> have keys of the run's form and are planned where they have an operation or `planned` says so.
 */
export const RUN_ID = 'r1';

export function keyOf(name: string): string {
  return /^b\d+$/.test(name) ? `onsale-${RUN_ID}-${name.slice(1)}` : name;
}

interface Draft {
  readonly pools: Pool[];
  readonly operations: Operation[];
  readonly planned: Set<string>;
  readonly rows: OrderRow[];
  readonly left: Map<string, number | null>;
  readonly counters: Map<string, { name: string; remaining: number }[]>;
  readonly flags: Set<string>;
  readonly buyers: Map<string, { id: string; credit?: number }>;
  readonly seats: Map<string, number>;
  readonly rules: Record<string, unknown>;
  accounts: Account[] | null;
  payments: PaymentRow[] | null;
  baseline: string[];
  clockErrorMs: number;
  readAt: number;
  hasState: boolean;
}

export function sale(notation: string): Evidence {
  const draft: Draft = {
    pools: [],
    operations: [],
    planned: new Set(),
    rows: [],
    left: new Map(),
    counters: new Map(),
    flags: new Set(),
    buyers: new Map(),
    seats: new Map(),
    rules: {},
    accounts: null,
    payments: null,
    baseline: [],
    clockErrorMs: 0,
    readAt: 1_000_000,
    hasState: false,
  };
  for (const statement of notation.split(';').map((text) => text.trim())) {
    if (statement !== '') read(statement, draft);
  }
  return evidenceOf(draft);
}

function read(statement: string, draft: Draft): void {
  if (readOperation(statement, draft)) return;
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(statement)!;
  if (word === 'F:') {
    draft.hasState = true;
    for (const item of rest.split(',').map((text) => text.trim())) {
      if (item !== '') readStateItem(item, draft);
    }
  } else if (word === 'planned') draft.planned.add(keyOf(rest));
  else if (['incomplete', 'exclusive', 'unplanned'].includes(word)) draft.flags.add(word);
  else if (word === 'clock') draft.clockErrorMs = Number(rest);
  else if (word === 'baseline') draft.baseline = rest.split(',').map((text) => text.trim());
  else if (word === 'price') readPrice(rest, draft);
  else if (word === 'rule') readRules(rest, draft);
  else if (word === 'moves') draft.rules.moves = JSON.parse(rest);
  else if (word === 'buyer') readBuyer(rest, draft);
  else if (word === 'seats') readSeats(rest, draft);
  else if (word === 'wants') {
    const [seat = '', intents = ''] = rest.split(': ');
    for (const name of intents.split(', ')) draft.seats.set(keyOf(name), Number(seat));
  } else if (/^\d+( of \d+)?$/.test(rest)) {
    const [remaining, capacity = remaining] = rest.split(' of ').map(Number);
    draft.pools.push({ id: word, name: word, capacity: capacity!, remaining: remaining! });
  } else throw new Error(`no statement: ${statement}`);
}

function readPrice(rest: string, { pools }: Draft): void {
  const [id, price] = rest.split(' ');
  const pool = pools.findIndex((each) => each.id === id);
  pools[pool] = { ...pools[pool]!, price: Number(price) };
}

function readSeats(rest: string, { pools }: Draft): void {
  const [, id, names = ''] = /^(\S+) (.*)$/.exec(rest)!;
  const pool = pools.findIndex((each) => each.id === id);
  pools[pool] = { ...pools[pool]!, seats: names.split(', ') };
}

function readRules(rest: string, { rules }: Draft): void {
  for (const each of rest.split(' ')) {
    const [name = '', value] = each.split('=');
    rules[name] = value === undefined ? true : /^-?\d+$/.test(value) ? Number(value) : value;
  }
}

function readBuyer(rest: string, { buyers }: Draft): void {
  const [, id = '', credit, intents = ''] = /^(\S+?)(?: (-?\d+))?: (.*)$/.exec(rest)!;
  for (const name of intents.split(',').map((text) => text.trim())) {
    buyers.set(keyOf(name), { id, ...(credit === undefined ? {} : { credit: Number(credit) }) });
  }
}

const kinds: Readonly<Record<string, OperationKind>> = {
  buy: 'purchase',
  hold: 'hold',
  pay: 'pay',
  cancel: 'cancel',
  avail: 'availability',
  status: 'status',
  view: 'view',
};
const OPERATION =
  /^(\S+) (buy|hold|pay|cancel|avail|status|view)(?:\((\d+)\))? (\S+) \[(-?[\d.]+),(-?[\d.]+)\] (\w+)((?: \S+)*)$/;

function readOperation(statement: string, draft: Draft): boolean {
  const match = OPERATION.exec(statement);
  if (match === null) return false;
  const [, name = '', kind = '', quantity = '1', pool = '', start, end, outcome = '', more = ''] =
    match;
  const told = more.split(' ').filter((text) => text !== '');
  const reason = told.find((text) => !text.includes('=') && text !== 'lags');
  draft.planned.add(keyOf(name));
  draft.operations.push(
    operation({
      intent: keyOf(name),
      kind: kinds[kind]!,
      pool,
      quantity: Number(quantity),
      start: Number(start),
      end: Number(end),
      outcome: outcome as Outcome,
      ...(reason === undefined ? {} : { reason }),
      ...(told.includes('lags') ? { mayLag: true as const } : {}),
      ...detailsOf(told),
    }),
  );
  return true;
}

const names: Readonly<Record<string, string>> = {
  expires: 'expiresAt',
  at: 'createdAt',
  by: 'buyer',
};

/** `key=value` as keys of an operation or row; values of digits are numbers, but for names. */
function detailsOf(told: readonly string[]): Record<string, string | number> {
  const pairs = told.filter((text) => text.includes('=')).map((text) => text.split('='));
  return Object.fromEntries(
    pairs.map(([key = '', value = '']) => {
      const isName = ['order', 'seat', 'state', 'by'].includes(key);
      return [names[key] ?? key, isName ? value : Number(value)];
    }),
  );
}

const statuses = { ok: 200, refused: 400, fail: 0, info: 500 };
const reasons = { ok: '', refused: 'sold-out', fail: 'connection-refused', info: 'http-500' };

/** An operation with all that does not matter filled in. */
export function operation(
  given: Pick<Operation, 'intent' | 'pool' | 'quantity' | 'start' | 'end' | 'outcome'> &
    Partial<Operation>,
): Operation {
  const { outcome } = given;
  return {
    session: 1,
    kind: 'purchase',
    status: statuses[outcome],
    reason: reasons[outcome],
    reply: '',
    ...given,
  };
}

function readStateItem(item: string, draft: Draft): void {
  const row = /^(\S+)×(\d+) (\S+)( cancelled)?(?: #(\S+))?((?: \w+=\S+)*)$/.exec(item);
  const left = /^left (\S+) (\?|-?\d+)$/.exec(item);
  const counter = /^count (\S+) (\S+) (-?\d+)$/.exec(item);
  const readAt = /^read (\d+)$/.exec(item);
  const account = /^(\S+) has (-?\d+)$/.exec(item);
  const payment = /^(\S+) (charged|refunded) (\d+)$/.exec(item);
  if (row !== null) {
    draft.rows.push({
      id: row[5] ?? `row-${draft.rows.length + 1}`,
      pool: row[3]!,
      quantity: Number(row[2]),
      status: row[4] === undefined ? 'live' : 'cancelled',
      intent: row[1] === '?' ? null : keyOf(row[1]!),
      buyer: row[1]!,
      ...detailsOf(row[6]!.split(' ')),
    });
  } else if (left !== null) draft.left.set(left[1]!, left[2] === '?' ? null : Number(left[2]));
  else if (counter !== null) {
    const [, pool = '', name = '', remaining] = counter;
    const counted = draft.counters.get(pool) ?? [];
    draft.counters.set(pool, [...counted, { name, remaining: Number(remaining) }]);
  } else if (readAt !== null) draft.readAt = Number(readAt[1]);
  else if (account !== null) {
    draft.accounts ??= [];
    draft.accounts.push({ buyer: account[1]!, credit: Number(account[2]) });
  } else if (payment !== null) {
    draft.payments ??= [];
    const whose = payment[1]!;
    draft.payments.push({
      id: `payment-${draft.payments.length + 1}`,
      order: whose.startsWith('#') ? whose.slice(1) : null,
      intent: whose === '?' || whose.startsWith('#') ? null : keyOf(whose),
      status: payment[2] as PaymentRow['status'],
      amount: Number(payment[3]),
    });
  } else if (item === 'no payments') draft.payments ??= [];
  else if (item === 'no accounts') draft.accounts ??= [];
  else if (['unsettled', 'partial', 'unlisted', 'forgets', 'lags'].includes(item))
    draft.flags.add(item);
  else throw new Error(`no part of a final state: ${item}`);
}

function evidenceOf(draft: Draft): Evidence {
  const planned = draft.flags.has('unplanned') ? [] : [...draft.planned];
  return {
    history: historyOf(draft.operations),
    historyComplete: !draft.flags.has('incomplete'),
    fixture: {
      schemaVersion: 1,
      access: 'sql',
      event: 'event',
      pools: draft.pools,
      ...(draft.flags.has('exclusive') ? { exclusive: true } : {}),
      buyers:
        draft.buyers.size === 0
          ? []
          : draft.flags.has('unplanned')
            ? [...new Set(draft.buyers.values())]
            : planned.map((key) => draft.buyers.get(key) ?? { id: key }),
      ...(Object.keys(draft.rules).length === 0 ? {} : { rules: draft.rules as Rules }),
      baselineOrders: draft.baseline,
    },
    intents: {
      schemaVersion: 1,
      runId: RUN_ID,
      intents: planned.map((key) => ({
        key,
        pool: 0,
        quantity: 1,
        offsetMs: 0,
        ...(draft.seats.has(key) ? { seat: draft.seats.get(key)! } : {}),
      })),
    },
    state: draft.hasState ? stateOf(draft) : null,
    clockErrorMs: draft.clockErrorMs,
  };
}

function stateOf(draft: Draft): State {
  const { flags, pools, rows, left, counters, baseline, readAt, accounts, payments } = draft;
  const sold = (id: string) =>
    rows
      .filter((row) => row.pool === id && row.status === 'live' && !baseline.includes(row.id))
      .reduce((sum, row) => sum + row.quantity, 0);
  return {
    schemaVersion: 1,
    access: 'sql',
    settled: !flags.has('unsettled'),
    complete: !flags.has('partial'),
    exhaustive: !flags.has('unlisted'),
    keepsCancelled: !flags.has('forgets'),
    mayLag: flags.has('lags'),
    caveats: [],
    readings: 2,
    readAt,
    pools: pools.map(({ id, capacity }) => ({
      id,
      remaining: left.has(id) ? left.get(id)! : capacity - sold(id),
      ...(counters.has(id) ? { counters: counters.get(id)! } : {}),
    })),
    orders: rows,
    ...(accounts === null ? {} : { accounts }),
    ...(payments === null ? {} : { payments }),
  };
}
