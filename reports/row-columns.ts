import type { OrderRow } from '../lib/model/state.ts';
import { showCount, showDuration } from './quantity.ts';

/** One thing that is shown of each row of the target. */
export interface RowColumn {
  readonly name: string;
  /** The text of a stranger: still to be cut and escaped. Empty where the row does not tell. */
  readonly cellOf: (row: OrderRow) => string;
}

/**
 * What there is to see of these rows: state, seat, money and times only where one of them has it. Times count from
 * `startedAt`, when the load began (Unix epoch ms); where that is null they are what `undated` makes of them: nothing, as
 * beside relative times nobody can place them.
 */
export function rowColumns(
  rows: readonly OrderRow[],
  startedAt: number | null,
  undated: (time: number) => string = () => '',
): readonly RowColumn[] {
  const moment = (time: number | undefined) => {
    if (time === undefined) return '';
    return startedAt === null ? undated(time) : showDuration(time - startedAt);
  };
  const always: readonly RowColumn[] = [
    { name: 'row', cellOf: ({ id }) => id },
    { name: 'pool', cellOf: ({ pool }) => pool },
    { name: 'tickets', cellOf: ({ quantity }) => showCount(quantity) },
    { name: 'status', cellOf: statusOf },
  ];
  const told: readonly RowColumn[] = [
    { name: 'seat', cellOf: ({ seat = '' }) => seat },
    { name: 'amount', cellOf: ({ amount }) => (amount === undefined ? '' : showCount(amount)) },
    { name: 'made', cellOf: ({ createdAt }) => moment(createdAt) },
    { name: 'expires', cellOf: ({ expiresAt }) => moment(expiresAt) },
  ];
  const whose: readonly RowColumn[] = [
    { name: 'intent', cellOf: ({ intent }) => intent ?? 'none' },
    { name: 'buyer', cellOf: ({ buyer }) => buyer },
  ];
  return [
    ...always,
    ...told.filter(({ cellOf }) => rows.some((row) => cellOf(row) !== '')),
    ...whose,
  ];
}

/** `live, held`; a state that only repeats the status is left out. */
function statusOf({ status, state }: OrderRow): string {
  return state === undefined || state === status ? status : `${status}, ${state}`;
}
