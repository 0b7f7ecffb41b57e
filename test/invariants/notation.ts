import { historyOf } from '../../lib/history/columns.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import type { Pool } from '../../lib/model/fixture.ts';
import type { Operation, Outcome } from '../../lib/model/operation.ts';
import type { OrderRow, State } from '../../lib/model/state.ts';

/*
 * A whole sale in one line, statements separated by `;`:
 *
 *   A 2                         pool A has 2 tickets
 *   A 2 of 5                    the fixture says that it may sell 5, the shop said that 2 were left
 *   b1 buy(2) A [0,5] ok        intent b1 asks for 2 of A from 0 to 5 ms; ends ok, refused, fail or info
 *   b1 buy(1) A [0,5] refused too-many    the reason; without it `sold-out` for refused
 *   planned b9                  in the plan, but nothing of it in the history
 *   F: b1×2 A, ?×1 A, b2×1 A cancelled    rows of the final state; `?` is a stranger's. No `F:`, no final state
 *   F: left A 3, left B ?       what the shop says is left; without it what fits the rows; `?`: it does not tell
 *   F: unsettled, partial, unlisted, forgets, read 50    not settled; not complete; lists only our buyers' orders;
 *                               keeps no cancelled rows; read at 50 ms
 *   F: lags                     read from a copy that may lag behind
 *   F: b1×1 A #7                a row with the id 7; without it row-1, row-2, …
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
  readonly flags: Set<string>;
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
    flags: new Set(),
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
  else if (word === 'incomplete' || word === 'exclusive') draft.flags.add(word);
  else if (word === 'clock') draft.clockErrorMs = Number(rest);
  else if (word === 'baseline') draft.baseline = rest.split(',').map((text) => text.trim());
  else if (/^\d+( of \d+)?$/.test(rest)) {
    const [remaining, capacity = remaining] = rest.split(' of ').map(Number);
    draft.pools.push({ id: word, name: word, capacity: capacity!, remaining: remaining! });
  } else throw new Error(`no statement: ${statement}`);
}

const OPERATION = /^(\S+) buy\((\d+)\) (\S+) \[(-?[\d.]+),(-?[\d.]+)\] (\w+)(?: (\S+))?$/;

function readOperation(statement: string, draft: Draft): boolean {
  const match = OPERATION.exec(statement);
  if (match === null) return false;
  const [, name = '', quantity, pool = '', start, end, outcome = '', reason] = match;
  draft.planned.add(keyOf(name));
  draft.operations.push(
    operation({
      intent: keyOf(name),
      pool,
      quantity: Number(quantity),
      start: Number(start),
      end: Number(end),
      outcome: outcome as Outcome,
      ...(reason === undefined ? {} : { reason }),
    }),
  );
  return true;
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
  const row = /^(\S+)×(\d+) (\S+)( cancelled)?(?: #(\S+))?$/.exec(item);
  const left = /^left (\S+) (\?|-?\d+)$/.exec(item);
  const readAt = /^read (\d+)$/.exec(item);
  if (row !== null) {
    draft.rows.push({
      id: row[5] ?? `row-${draft.rows.length + 1}`,
      pool: row[3]!,
      quantity: Number(row[2]),
      status: row[4] === undefined ? 'live' : 'cancelled',
      intent: row[1] === '?' ? null : keyOf(row[1]!),
      buyer: row[1]!,
    });
  } else if (left !== null) draft.left.set(left[1]!, left[2] === '?' ? null : Number(left[2]));
  else if (readAt !== null) draft.readAt = Number(readAt[1]);
  else if (['unsettled', 'partial', 'unlisted', 'forgets', 'lags'].includes(item))
    draft.flags.add(item);
  else throw new Error(`no part of a final state: ${item}`);
}

function evidenceOf(draft: Draft): Evidence {
  return {
    history: historyOf(draft.operations),
    historyComplete: !draft.flags.has('incomplete'),
    fixture: {
      schemaVersion: 1,
      access: 'sql',
      event: 'event',
      pools: draft.pools,
      ...(draft.flags.has('exclusive') ? { exclusive: true } : {}),
      buyers: [],
      baselineOrders: draft.baseline,
    },
    intents: {
      schemaVersion: 1,
      runId: RUN_ID,
      intents: [...draft.planned].map((key) => ({ key, pool: 0, quantity: 1, offsetMs: 0 })),
    },
    state: draft.hasState ? stateOf(draft) : null,
    clockErrorMs: draft.clockErrorMs,
  };
}

function stateOf({ flags, pools, rows, left, baseline, readAt }: Draft): State {
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
    })),
    orders: rows,
  };
}
