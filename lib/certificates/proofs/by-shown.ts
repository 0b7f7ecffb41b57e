import { membersOf } from '../../history/grouping.ts';
import { type History, operationAt } from '../../history/history.ts';
import { buyerIdOf } from '../../invariants/buyers.ts';
import { isCertainlyLive } from '../../invariants/certain-rows.ts';
import { certainSpans } from '../../invariants/holding-spans.ts';
import { peakOf } from '../../invariants/peak.ts';
import { windowOf } from '../../invariants/sale-window.ts';
import type { Operation } from '../../model/operation.ts';
import { type Case, type Proof, SHOWN_MAX } from '../proof.ts';

/*
 * Proofs about the intents that are shown. They count all operations of these intents, and all their rows and those that
 * are shown.
 */

/** Numbers of the operations and rows that the finding shows. */
function shownBy({ evidence: { history }, sale, finding }: Case) {
  const operations = finding.witness.operations.flatMap((each) => {
    const intent = history.intents.find(each.intent);
    const own = intent === -1 ? [] : [...membersOf(sale.operationsByIntent, intent)];
    return own.find((i) => isSame(history, i, each)) ?? [];
  });
  const ids = new Set(finding.witness.rows.map(({ id }) => id));
  const rows = [...sale.rows.keys()].filter((row) => ids.has(sale.rows[row]!.id));
  return { operations, rows };
}

function isSame(history: History, i: number, each: Operation): boolean {
  const own = operationAt(history, i);
  return JSON.stringify(own) === JSON.stringify(each);
}

interface Scope {
  /** All there are of the intents that are shown. */
  readonly operations: readonly number[];
  readonly rows: readonly number[];
}

function scopeOf({ evidence: { history }, sale }: Case, shown: ReturnType<typeof shownBy>): Scope {
  const keys = new Set([
    ...shown.operations.map((i) => history.intentKeys[history.intent[i]!]!),
    ...shown.rows.flatMap((row) => sale.rows[row]!.intent ?? []),
  ]);
  const ids = new Set(shown.rows.map((row) => sale.rows[row]!.id));
  const operations = [...keys].flatMap((key) => {
    const intent = history.intents.find(key);
    return intent === -1 ? [] : [...membersOf(sale.operationsByIntent, intent)];
  });
  const rows = [...sale.rows.keys()].filter((row) => {
    const { intent, id } = sale.rows[row]!;
    return ids.has(id) || (intent !== null && keys.has(intent));
  });
  return { operations, rows };
}

/** Everything there is of these intents where it can be shown, else what the finding shows. */
function wholeOrShown(of: Case, tickets: (scope: Scope) => number): Proof {
  const shown = shownBy(of);
  const scope = scopeOf(of, shown);
  const fits = scope.operations.length <= SHOWN_MAX && scope.rows.length <= SHOWN_MAX;
  return proofOf(scope, fits ? scope : shown, tickets(scope));
}

function proofOf(scope: Scope, { operations, rows }: Scope, tickets: number): Proof {
  const counts = { operations: scope.operations.length, rows: scope.rows.length, tickets };
  return { key: null, pool: null, asked: null, operations, rows, counts };
}

/** Two rows by themselves; or two buyers with all of their operations. */
export function proveDoubleAllocation(of: Case): Proof {
  const shown = shownBy(of);
  const scope = scopeOf(of, shown);
  const fits = shown.rows.length === 0 && scope.operations.length <= SHOWN_MAX;
  return proofOf(scope, fits ? { operations: scope.operations, rows: [] } : shown, 2);
}

/** The fewest rows above the limit; or all operations of the intents that are above it at one moment. */
export function proveBuyerLimit(of: Case): Proof {
  const { evidence, sale } = of;
  const shown = shownBy(of);
  const scope = scopeOf(of, shown);
  const first = [
    ...shown.rows.map((row) => sale.rows[row]!.intent),
    ...of.finding.witness.operations.map(({ intent }) => intent),
  ].find((key) => key !== null);
  const buyer = first == null ? undefined : buyerIdOf(evidence, first);
  const inRows = scope.rows
    .filter((row) => isOf(of, buyer, row) && isCertainlyLive(evidence, sale, row))
    .reduce((sum, row) => sum + sale.rows[row]!.quantity, 0);
  const spans = certainSpans(evidence);
  const intents = new Set(scope.operations.map((i) => evidence.history.intent[i]!));
  const members = [...spans.intent.keys()].filter((span) => intents.has(spans.intent[span]!));
  const quantityOf = (intent: number) => sale.wants.quantity[intent]!;
  const { most } = peakOf(spans, members, { limit: 0, quantityOf });
  const trusted = sale.gaps.state.length === 0 ? inRows : 0;
  const fits = shown.rows.length === 0 && scope.operations.length <= SHOWN_MAX;
  return {
    ...proofOf(
      scope,
      fits ? { operations: scope.operations, rows: [] } : shown,
      Math.max(trusted, most),
    ),
    ...(buyer === undefined ? {} : { buyer }),
  };
}

function isOf({ evidence, sale }: Case, buyer: string | undefined, row: number): boolean {
  const { intent } = sale.rows[row]!;
  return buyer !== undefined && intent !== null && buyerIdOf(evidence, intent) === buyer;
}

/** All operations and rows of the order's buyer. */
export const proveIllegalTransition = (of: Case): Proof => wholeOrShown(of, () => 0);

/** Of a sale before the opening itself; of one after the closing all operations of its buyer; of a row itself. */
export function proveSaleWindow(of: Case): Proof {
  const { evidence, sale } = of;
  const shown = shownBy(of);
  const scope = scopeOf(of, shown);
  const [i] = shown.operations;
  if (i === undefined) {
    const [row] = shown.rows;
    return proofOf(scope, shown, row === undefined ? 0 : sale.rows[row]!.quantity);
  }
  const isEarly = evidence.history.end[i]! < windowOf(evidence).from;
  const fits = !isEarly && scope.operations.length <= SHOWN_MAX;
  const proof = fits ? { operations: scope.operations, rows: [] } : { operations: [i], rows: [] };
  return proofOf(scope, proof, evidence.history.quantity[i]!);
}

/** The hold, the payment and all else of its buyer; where capacity decides, it stands for its pool. */
export function provePaidAfterExpiry(of: Case): Proof {
  const { evidence, sale } = of;
  const shown = shownBy(of);
  const i = shown.operations.at(-1);
  const intent = i === undefined ? -1 : evidence.history.intent[i]!;
  const tickets = intent === -1 ? 0 : sale.wants.quantity[intent]!;
  if (evidence.fixture.rules?.latePayment !== 'accept-if-capacity') {
    return wholeOrShown(of, () => tickets);
  }
  const pool = i === undefined ? -1 : sale.operationPool[i]!;
  if (pool < 0) return proofOf(scopeOf(of, shown), shown, tickets);
  const operations = [...membersOf(sale.operationsByPool, pool)];
  const rows = [...sale.rows.keys()].filter((row) => sale.rowPool[row] === pool);
  const fits = operations.length <= SHOWN_MAX && rows.length <= SHOWN_MAX;
  return { ...proofOf({ operations, rows }, fits ? { operations, rows } : shown, tickets), pool };
}

/** The row of a hold that is over, with all operations of its buyer. */
export function proveLeakedRow(of: Case): Proof {
  const shown = shownBy(of);
  const scope = scopeOf(of, shown);
  const fits = scope.operations.length <= SHOWN_MAX;
  const [row] = shown.rows;
  const operations = fits ? scope.operations : shown.operations;
  const rows = row === undefined ? [] : [row];
  return proofOf(scope, { operations, rows }, row === undefined ? 0 : of.sale.rows[row]!.quantity);
}
