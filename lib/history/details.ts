import type { Operation } from '../model/operation.ts';
import { orderStates } from '../model/operation.ts';
import { type CanonicalLine, numberOf } from './canonical-line.ts';
import {
  lastingBytes,
  lastingFloats,
  lastingInt32s,
  lastingSignedBytes,
  passingInt32s,
  type Reordering,
} from './lasting.ts';
import { TextTable } from './text-table.ts';

/** The keys of an operation that it may lack, in the order in which they are written. */
export const detailKeys = [
  ...(['order', 'seat', 'value', 'state', 'expiresAt', 'amount', 'mayLag'] as const),
] as const;

/** Columns of what only some operations have; see `operationSchema`. */
export interface Details {
  /** Index into `orders`, −1 where there is none. */
  readonly order: Int32Array;
  readonly orders: readonly string[];
  /** Index into `seats`, −1 where there is none. */
  readonly seat: Int32Array;
  readonly seats: readonly string[];
  /** NaN where there is none. */
  readonly value: Float64Array;
  /** Index into `orderStates`, −1 where there is none. */
  readonly state: Int8Array;
  /** NaN where there is none. */
  readonly expiresAt: Float64Array;
  /** NaN where there is none. */
  readonly amount: Float64Array;
  /** 1 where the read may lag behind. */
  readonly mayLag: Uint8Array;
}

const makers = {
  order: (n: number) => lastingInt32s(n).fill(-1),
  seat: (n: number) => lastingInt32s(n).fill(-1),
  value: (n: number) => lastingFloats(n).fill(Number.NaN),
  state: (n: number) => lastingSignedBytes(n).fill(-1),
  expiresAt: (n: number) => lastingFloats(n).fill(Number.NaN),
  amount: (n: number) => lastingFloats(n).fill(Number.NaN),
  mayLag: lastingBytes,
};
type Name = keyof typeof makers;
type DetailColumns = { [K in Name]: ReturnType<(typeof makers)[K]> };
const names = Object.keys(makers) as Name[];

const stateNumbers = new Map<string, number>(orderStates.map((state, i) => [state, i]));

/** Whether the operation has anything that goes into {@link Details}. */
export function hasDetails(operation: Operation): boolean {
  return detailKeys.some((key) => operation[key] !== undefined);
}

/** What operation i has of them, as the keys of an operation. */
export function detailsAt(details: Details, i: number): Partial<Operation> {
  const found: { -readonly [K in keyof Operation]?: Operation[K] } = {};
  if (details.order[i] !== -1) found.order = details.orders[details.order[i]!]!;
  if (details.seat[i] !== -1) found.seat = details.seats[details.seat[i]!]!;
  if (!Number.isNaN(details.value[i]!)) found.value = details.value[i]!;
  if (details.state[i] !== -1) found.state = orderStates[details.state[i]!]!;
  if (!Number.isNaN(details.expiresAt[i]!)) found.expiresAt = details.expiresAt[i]!;
  if (!Number.isNaN(details.amount[i]!)) found.amount = details.amount[i]!;
  if (details.mayLag[i] === 1) found.mayLag = true;
  return found;
}

/** Grows with the history it belongs to; entries nobody set say "none". */
export class DetailsBuilder {
  #columns: DetailColumns;
  readonly orders = new TextTable();
  readonly seats = new TextTable();

  constructor(length: number) {
    this.#columns = mapColumns((name) => makers[name](length));
  }

  set(i: number, operation: Operation): void {
    const columns = this.#columns;
    if (operation.order !== undefined) columns.order[i] = this.orders.add(operation.order);
    if (operation.seat !== undefined) columns.seat[i] = this.seats.add(operation.seat);
    if (operation.value !== undefined) columns.value[i] = operation.value;
    if (operation.state !== undefined) columns.state[i] = stateNumbers.get(operation.state)!;
    if (operation.expiresAt !== undefined) columns.expiresAt[i] = operation.expiresAt;
    if (operation.amount !== undefined) columns.amount[i] = operation.amount;
    if (operation.mayLag === true) columns.mayLag[i] = 1;
  }

  /** The same for a line that {@link CanonicalLine} has scanned and found to have some. */
  setLine(i: number, bytes: Buffer, line: CanonicalLine): void {
    const columns = this.#columns;
    if (line.order.after > 0) columns.order[i] = numberOf(this.orders, bytes, line.order);
    if (line.seat.after > 0) columns.seat[i] = numberOf(this.seats, bytes, line.seat);
    columns.value[i] = line.value;
    columns.state[i] = line.state;
    columns.expiresAt[i] = line.expiresAt;
    columns.amount[i] = line.amount;
    columns.mayLag[i] = line.mayLag ? 1 : 0;
  }

  grow(length: number): void {
    const old = this.#columns;
    this.#columns = mapColumns((name) => {
      const grown = makers[name](length);
      grown.set(old[name]);
      return grown;
    });
  }

  /** As they are now, for comparing; shares its columns with the builder. */
  now(): Details {
    return { ...this.#columns, orders: this.orders.texts, seats: this.seats.texts };
  }

  /** In the order given; texts are numbered by their first use. */
  build(reordering: Reordering): Details {
    const columns = mapColumns((name) => reordering.apply(this.#columns[name]));
    renumber(columns.order, this.orders);
    renumber(columns.seat, this.seats);
    return { ...columns, orders: this.orders.texts, seats: this.seats.texts };
  }
}

function mapColumns(change: (name: Name) => DetailColumns[Name]): DetailColumns {
  return Object.fromEntries(names.map((name) => [name, change(name)])) as DetailColumns;
}

/** Numbers texts anew by their first use, so that numbers do not tell how the lines were interleaved; −1 stays. */
export function renumber(column: Int32Array, table: TextTable): void {
  const numbers = passingInt32s(table.texts.length).fill(-1);
  let next = 0;
  for (let i = 0; i < column.length; i++) {
    const old = column[i]!;
    if (old === -1) continue;
    if (numbers[old] === -1) numbers[old] = next++;
    column[i] = numbers[old]!;
  }
  table.renumber(numbers);
}
