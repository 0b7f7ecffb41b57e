import fc from 'fast-check';
import { historyOf } from '../../lib/history/columns.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { keyOf, operation, sale } from './notation.ts';

export const CAPACITY = 5;

export interface ReadSale {
  readonly operations: readonly Operation[];
  readonly clockErrorMs: number;
}

/** Purchases, cancellations and reads at hidden moments of a shop that nobody else uses; some numbers are a little off. */
export function readSale(ticketsMax: number): fc.Arbitrary<ReadSale> {
  const draft = fc.record({
    kind: fc.constantFrom('buy', 'buy', 'cancel', 'avail', 'avail', 'avail'),
    moment: fc.integer({ min: 0, max: 12 }),
    early: fc.integer({ min: 0, max: 2 }),
    late: fc.integer({ min: 0, max: 2 }),
    tickets: fc.integer({ min: 1, max: ticketsMax }),
    fate: fc.constantFrom('ok', 'ok', 'ok', 'took', 'did not'),
    off: fc.constantFrom(-1, 0, 0, 0, 0, 1),
    session: fc.integer({ min: 1, max: 2 }),
  });
  return fc
    .record({ drafts: fc.array(draft, { maxLength: 7 }), clockErrorMs: fc.constantFrom(0, 0, 1) })
    .map(({ drafts, clockErrorMs }) => {
      let left = CAPACITY;
      const bought: { intent: string; tickets: number }[] = [];
      const sorted = drafts.map((each, i) => ({ ...each, i })).sort((a, b) => a.moment - b.moment);
      const operations = sorted.flatMap(
        ({ kind, moment, early, late, tickets, fate, off, session, i }) => {
          const isSilent = fate !== 'ok' && kind !== 'avail';
          const times = { start: moment - early, end: moment + late, session };
          const outcome = isSilent ? ('info' as const) : ('ok' as const);
          const given = { intent: keyOf(`b${i}`), pool: 'A', quantity: tickets, ...times, outcome };
          if (kind === 'buy') {
            if (fate !== 'did not') left -= tickets;
            if (fate === 'ok') bought.push({ intent: given.intent, tickets });
            return [operation(given)];
          }
          if (kind === 'avail')
            return [operation({ ...given, quantity: 1, kind: 'availability', value: left + off })];
          const mine = bought.pop();
          if (mine === undefined) return [];
          if (fate !== 'did not') left += mine.tickets;
          return [
            operation({ ...given, intent: mine.intent, kind: 'cancel', quantity: mine.tickets }),
          ];
        },
      );
      return { operations, clockErrorMs };
    });
}

export function evidenceOf({ operations, clockErrorMs }: ReadSale): Evidence {
  return { ...sale(`A ${CAPACITY}; exclusive`), history: historyOf(operations), clockErrorMs };
}
