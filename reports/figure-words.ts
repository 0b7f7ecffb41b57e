import type { Witness } from '../lib/model/finding.ts';
import { showCount, showDuration } from './quantity.ts';
import { visible } from './text.ts';

/** Names that say little outside of their check, in words. An empty one is not shown: the operations say it better. */
const names: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'double-allocation': {
    seatsInRows: 'seats with an owner',
    rowsTwice: 'seats with two rows',
    heldTwice: 'seats held twice at once',
  },
  'duplicate-effect': { asked: 'tickets asked for', got: 'tickets got', taken: 'money taken' },
  'illegal-transition': { illegal: 'orders that moved as none may' },
  'leaked-hold': { expired: 'holds that expired', overdueMs: 'kept beyond its grace' },
  'lost-purchase': {
    purchases: 'purchases told of here',
    rows: 'rows that can be theirs',
  },
  'money-conservation': {
    buyer: '',
    before: 'account before',
    after: 'account after',
    taken: 'money taken',
    least: 'least that the operations explain',
    most: 'most that they explain',
  },
  'non-monotonic-availability': {
    before: 'left, said first',
    after: 'left, said later',
    mayHaveComeBack: 'most that can have come back',
  },
  'paid-after-expiry': { late: 'late payments', accepted: 'taken', rejected: 'not taken' },
  'phantom-order': { tickets: 'tickets in rows told of here', asked: 'tickets asked for' },
  'read-your-writes': {
    reads: 'reads of what is left',
    statuses: 'reads of orders',
    value: 'left, as it was read',
    certainBefore: '',
    mayHaveComeBack: 'most that can have come back',
  },
  'refused-but-sold': {
    tickets: 'tickets in rows told of here',
    asked: 'asked for by who bought or may have',
  },
  'saga-atomicity': {
    compared: 'sales compared',
    torn: 'done by halves',
    taken: 'money taken',
  },
  'sale-window': {
    triedBefore: 'tries before the opening',
    triedAfter: 'tries after the closing',
    sold: 'sales outside',
    rows: 'rows made outside',
  },
  'stale-availability': {
    certain: 'tickets that certainly moved',
    against: 'most that can have moved back',
    lagging: 'reads declared to lag',
    stalenessMsMin: 'reads are late by at least',
  },
  'stock-conservation': {
    acknowledgedOrInfo: 'acknowledged or uncertain',
    leftLeast: 'least that a counter says is left',
    leftMost: 'most that a counter says is left',
  },
};

/** The figures of a witness with their names in words and their values in their units, in the witness' order. */
export function figureWords(
  invariant: string,
  figures: Witness['figures'],
): readonly { readonly name: string; readonly value: string }[] {
  const own = Object.hasOwn(names, invariant) ? names[invariant]! : {};
  return Object.entries(figures).flatMap(([figure, value]) => {
    const name = Object.hasOwn(own, figure) ? own[figure]! : wordsOf(visible(figure, 60));
    const isTime = /Ms(Min|Max)?$/.test(figure);
    return name === '' ? [] : [{ name, value: isTime ? showDuration(value) : showCount(value) }];
  });
}

/** `exceededAfterMs` → `exceeded after`: the unit stands by the value. */
function wordsOf(name: string): string {
  return name
    .replace(/Ms$/, '')
    .replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
