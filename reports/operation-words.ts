import type { Operation } from '../lib/model/operation.ts';
import { showCount } from './quantity.ts';
import { visible } from './text.ts';

const NAME_SHOWN = 60;
const READS: readonly Operation['kind'][] = ['availability', 'status', 'view'];

/** What was asked of the target: `purchase 2 × pool 1, seat A37`, `availability of pool 1`. Still to be escaped. */
export function askedWords(
  { kind, quantity, pool, seat }: Operation,
  lengthMax = NAME_SHOWN,
): string {
  const where = `pool ${visible(pool, lengthMax)}`;
  const what = READS.includes(kind)
    ? `${kind} of ${where}`
    : `${kind} ${showCount(quantity)} × ${where}`;
  return seat === undefined ? what : `${what}, seat ${visible(seat, lengthMax)}`;
}

/**
 * What the reply told beside its outcome, a few words each: `37 left`, `state held`, `order 17`, `charges 1,000`. Money
 * is in the smallest unit of the currency; `since` shows a moment on the reader's axis. [] where it told nothing.
 */
export function toldWords(
  { kind, value, state, order, amount, expiresAt, mayLag }: Operation,
  since: (time: number) => string,
): string[] {
  return [
    value === undefined ? '' : `${showCount(value)} left`,
    state === undefined ? '' : `state ${state}`,
    order === undefined ? '' : `order ${visible(order, NAME_SHOWN)}`,
    amount === undefined
      ? ''
      : `${kind === 'cancel' ? 'gives back' : 'charges'} ${showCount(amount)}`,
    expiresAt === undefined ? '' : `expires at ${since(expiresAt)}`,
    mayLag === true ? 'may lag behind' : '',
  ].filter((words) => words !== '');
}
