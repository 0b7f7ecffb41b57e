import { ascending, columnOf } from '../../history/sorted.ts';
import { NumberList } from '../number-list.ts';
import type { Stock } from './counter.ts';
import type { Seen } from './sightings.ts';
import type { Windows } from './windows.ts';

/** What is to be put in order, by start, in columns. */
export interface Events {
  readonly length: number;
  readonly start: Float64Array;
  /** +∞ for what need not happen. */
  readonly end: Float64Array;
  /** Tickets that go, negative where they come back; 0 for a sighting. */
  readonly moved: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** 1 for what must happen. */
  readonly must: Float64Array;
  /** Whose tickets they are; −1 for a sighting, and for what no operation explains. */
  readonly intent: Float64Array;
}
type Column = Exclude<keyof Events, 'length'>;
const columns = ['start', 'end', 'moved', 'low', 'high', 'must', 'intent'] as const;

export type Sighted = Pick<Seen, 'length' | 'start' | 'end' | 'low' | 'high'>;

/** What a search for an order goes by: all that certainly moved, what may have and is easily placed, and all sightings. */
export function eventsOf(stock: Stock, seen: Sighted): Events {
  const lists = Object.fromEntries(columns.map((name) => [name, new NumberList()])) as Record<
    Column,
    NumberList
  >;
  addMoves(lists, stock);
  for (let i = 0; i < seen.length; i++) {
    lists.start.add(seen.start[i]!);
    lists.end.add(seen.end[i]!);
    lists.moved.add(0);
    lists.low.add(seen.low[i]!);
    lists.high.add(seen.high[i]!);
    lists.must.add(1);
    lists.intent.add(-1);
  }
  const order = ascending(lists.start.build());
  const sorted = (name: Column) => {
    const column = lists[name].build();
    return columnOf(order, (i) => column[i]!);
  };
  const built = Object.fromEntries(columns.map((name) => [name, sorted(name)]));
  return { length: order.length, ...(built as Record<Column, Float64Array>) };
}

/** What is left out need not have happened, and could only be placed with more care than it is worth. */
function addMoves(lists: Record<Column, NumberList>, stock: Stock): void {
  const { taken, mayTake, givenBack, mayGiveBack } = stock;
  const tickets = new Map<number, number>();
  for (let i = 0; i < taken.length; i++) tickets.set(taken.intent[i]!, taken.tickets[i]!);
  const returned = new Set(givenBack.intent);
  const isOpen = (i: number) =>
    mayTake.end[i] === Number.POSITIVE_INFINITY && !tickets.has(mayTake.intent[i]!);
  const isWhole = (i: number) => {
    const intent = mayGiveBack.intent[i]!;
    return !returned.has(intent) && mayGiveBack.tickets[i] === tickets.get(intent);
  };
  addWindows(lists, taken, { sign: 1, must: 1 });
  addWindows(lists, givenBack, { sign: -1, must: 1 });
  addWindows(lists, mayTake, { sign: 1, must: 0, keeps: isOpen });
  addWindows(lists, mayGiveBack, { sign: -1, must: 0, keeps: isWhole });
}

function addWindows(
  lists: Record<Column, NumberList>,
  { length, start, end, tickets, intent }: Windows,
  as: { readonly sign: 1 | -1; readonly must: 0 | 1; readonly keeps?: (i: number) => boolean },
): void {
  for (let i = 0; i < length; i++) {
    if (as.keeps?.(i) === false) continue;
    lists.start.add(start[i]!);
    lists.end.add(as.must === 1 ? end[i]! : Number.POSITIVE_INFINITY);
    lists.moved.add(as.sign * tickets[i]!);
    lists.low.add(0);
    lists.high.add(0);
    lists.must.add(as.must);
    lists.intent.add(intent[i]!);
  }
}
