import type { Operation } from '../model/operation.ts';
import { operationKinds, outcomes } from '../model/operation.ts';
import { CanonicalLine, numberOf, textAt } from './canonical-line.ts';
import { DetailsBuilder, hasDetails, renumber } from './details.ts';
import type { History } from './history.ts';
import {
  lastingBytes,
  lastingFloats,
  lastingInt32s,
  lastingUint16s,
  Reordering,
} from './lasting.ts';
import { sortedOrder } from './order.ts';
import { TextTable } from './text-table.ts';

/** Different replies that are kept. A hostile target can answer each request differently; 300 units each is 40 MB. */
export const REPLIES_MAX = 65_536;
/** Stands for every reply beyond {@link REPLIES_MAX} different ones. */
export const REPLY_NOT_KEPT = '(reply not kept: too many different ones)';

const columnMakers = {
  session: lastingInt32s,
  intent: lastingInt32s,
  kind: lastingBytes,
  pool: lastingInt32s,
  quantity: lastingInt32s,
  start: lastingFloats,
  end: lastingFloats,
  outcome: lastingBytes,
  status: lastingUint16s,
  reason: lastingInt32s,
  reply: lastingInt32s,
};
type ColumnName = keyof typeof columnMakers;
export type Columns = { [K in ColumnName]: ReturnType<(typeof columnMakers)[K]> };
const columnNames = Object.keys(columnMakers) as ColumnName[];

type NumberColumn = Columns[ColumnName];

function mapColumns(change: (name: ColumnName) => NumberColumn): Columns {
  return Object.fromEntries(columnNames.map((name) => [name, change(name)])) as Columns;
}

const outcomeNumbers = new Map<string, number>(outcomes.map((outcome, i) => [outcome, i]));
const kindNumbers = new Map<string, number>(operationKinds.map((kind, i) => [kind, i]));

/** Takes operations in any order, one at a time, and makes a {@link History} of them. */
export class HistoryBuilder {
  #length = 0;
  /** Each as long as the others; what is beyond `#length` means nothing yet. */
  #columns = mapColumns((name) => columnMakers[name](1024));
  readonly #intents = new TextTable();
  readonly #pools = new TextTable();
  readonly #reasons = new TextTable();
  readonly #replies = new TextTable();
  readonly #line = new CanonicalLine();
  /** Made with the first operation that has any. */
  #details: DetailsBuilder | null = null;

  get length(): number {
    return this.#length;
  }

  /** The operation must fit `operationSchema`. */
  add(operation: Operation): void {
    if (this.#length === this.#columns.start.length) this.#grow();
    const i = this.#length++;
    const columns = this.#columns;
    columns.session[i] = operation.session;
    columns.intent[i] = this.#intents.add(operation.intent);
    columns.kind[i] = kindNumbers.get(operation.kind)!;
    columns.pool[i] = this.#pools.add(operation.pool);
    columns.quantity[i] = operation.quantity;
    columns.start[i] = operation.start;
    columns.end[i] = operation.end;
    columns.outcome[i] = outcomeNumbers.get(operation.outcome)!;
    columns.status[i] = operation.status;
    columns.reason[i] = this.#reasons.add(operation.reason);
    columns.reply[i] = this.#replyNumber(operation.reply);
    if (!hasDetails(operation)) return;
    this.#details ??= new DetailsBuilder(columns.start.length);
    this.#details.set(i, operation);
  }

  /**
   * Adds the operation in the canonical line that begins at `first` of `bytes`, which end with a line break. The place
   * after the line, or −1 where it is not canonical and nothing was added.
   */
  addCanonical(bytes: Buffer, first: number): number {
    const line = this.#line;
    const next = line.scan(bytes, first);
    if (next === -1) return next;
    if (this.#length === this.#columns.start.length) this.#grow();
    const i = this.#length++;
    const columns = this.#columns;
    columns.session[i] = line.session;
    columns.intent[i] = numberOf(this.#intents, bytes, line.intent);
    columns.kind[i] = line.kind;
    columns.pool[i] = numberOf(this.#pools, bytes, line.pool);
    columns.quantity[i] = line.quantity;
    columns.start[i] = line.start;
    columns.end[i] = line.end;
    columns.outcome[i] = line.outcome;
    columns.status[i] = line.status;
    columns.reason[i] = numberOf(this.#reasons, bytes, line.reason);
    columns.reply[i] = this.#repliesAreFull
      ? this.#replyNumber(textAt(bytes, line.reply))
      : numberOf(this.#replies, bytes, line.reply);
    if (line.hasDetails) {
      this.#details ??= new DetailsBuilder(columns.start.length);
      this.#details.setLine(i, bytes, line);
    }
    return next;
  }

  get #repliesAreFull(): boolean {
    return this.#replies.texts.length >= REPLIES_MAX;
  }

  #replyNumber(reply: string): number {
    const isNew = this.#repliesAreFull && this.#replies.find(reply) === -1;
    return this.#replies.add(isNew ? REPLY_NOT_KEPT : reply);
  }

  /** Makes room for so many operations, of intents of their own, at once. More may come, or fewer. */
  expect(length: number): void {
    if (length <= this.#columns.start.length) return;
    this.#grow(length);
    this.#intents.expect(length);
  }

  #grow(length = this.#length * 2): void {
    const old = this.#columns;
    this.#columns = mapColumns((name) => {
      const grown = columnMakers[name](length);
      grown.set(old[name].subarray(0, this.#length));
      return grown;
    });
    this.#details?.grow(length);
  }

  /** The history of everything added. The builder must not be used afterwards: its columns are the history's. */
  build(): History {
    const unsorted = { ...this.#columns, ...this.#texts(), length: this.#length };
    const reordering = new Reordering(
      sortedOrder({ ...unsorted, details: this.#details?.now() ?? null }),
    );
    const columns = mapColumns((name) => reordering.apply(this.#columns[name]));
    renumber(columns.intent, this.#intents);
    renumber(columns.pool, this.#pools);
    renumber(columns.reason, this.#reasons);
    renumber(columns.reply, this.#replies);
    return {
      length: this.#length,
      ...columns,
      ...this.#texts(),
      details: this.#details?.build(reordering) ?? null,
    };
  }

  #texts() {
    return {
      intents: this.#intents,
      intentKeys: this.#intents.texts,
      poolIds: this.#pools.texts,
      reasons: this.#reasons.texts,
      replies: this.#replies.texts,
    };
  }
}

/** The history of these operations, which may come in any order. None gives a history of length 0. */
export function historyOf(operations: Iterable<Operation>): History {
  const builder = new HistoryBuilder();
  for (const operation of operations) builder.add(operation);
  return builder.build();
}
