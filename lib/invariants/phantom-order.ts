import { STRANGER, UNPLANNED, UNSENT } from '../history/attribution.ts';
import type { Finding } from '../model/finding.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import { orderGaps } from './evidence-gaps.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { saleOf } from './sale.ts';
import { requestsBehind, type Surpluses, unaskedOf } from './too-many-rows.ts';

/*
 * Claims: every order has a buyer who asked for it. A phantom is a row, live or cancelled, that carries the mark of
 * this run, but belongs to an intent that was never planned, or never sent; and where the user vouches that nobody else
 * buys from the pools also a row of anybody else. While the history is incomplete, a planned intent without an operation
 * may have been sent and cut off, so its row is no phantom; without a plan, that is so of every row. Rows that name no intent but a buyer of the run, or in a
 * listing that names nobody, hold with that word no more tickets than were asked for in their pool (too-many-rows.ts).
 *
 * Cannot see: which of the rows that name no intent is the phantom, nor whether it is a second order of one purchase: then,
 * too, it is one that nobody asked for. What refused requests asked for is refused-but-sold's case. Where no purchase was
 * found for a row and yet some reading may explain it, it is *unknown*;
 * without that word, whose a row without this run's mark is: the shop may have made it, or another client
 * bought at the same time. Such rows are told and make the claim *unknown*, nobody is accused. Nor rows that a partial
 * listing leaves out.
 *
 * Witness: up to ten phantom rows; or the smallest set of rows without intents that is too large, and the requests that
 * may have made them.
 */
function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const { historyComplete, intents, state, fixture } = evidence;
  // A whole plan names every intent; without a plan only a complete history does.
  const knowsAll = historyComplete || intents.intents.length > 0;
  const unplanned = knowsAll ? placesOf(UNPLANNED, sale.rowIntent) : [];
  const unsent = historyComplete ? placesOf(UNSENT, sale.rowIntent) : [];
  // Where nobody else buys, somebody asked for the cancelled ones, or they are phantoms below.
  const isGone = (row: number) =>
    fixture.exclusive === true && sale.rows[row]!.status === 'cancelled';
  const explained = new Set([...sale.nameless.rows, ...sale.nameless.places.filter(isGone)]);
  const strangers = placesOf(STRANGER, sale.rowIntent).filter((row) => !explained.has(row));
  const inOurs = strangers.filter(
    (row) =>
      sale.rowPool[row]! >= 0 && (sale.nameless.count === 0 || sale.rows[row]!.intent !== null),
  );
  const unasked = knowsAll && fixture.exclusive === true ? inOurs : [];
  const phantoms = [...unplanned, ...unsent, ...unasked];
  const figures = {
    rows: sale.rows.length,
    phantoms: phantoms.length,
    strangers: strangers.length,
  };
  if (phantoms.length > 0 && sale.gaps.state.length === 0) {
    return violated('phantom-order', {
      count: phantoms.length,
      summary: `${phantoms.length} of ${counted(sale.rows.length, 'row')} belong to nobody who asked for them.`,
      witness: witnessOf(evidence, { rows: phantoms, figures }),
    });
  }
  if (historyComplete && sale.gaps.state.length === 0) {
    const surpluses = unaskedOf(evidence);
    if (surpluses !== null) return tooManyRows(evidence, surpluses);
  }
  const missing = [...sale.gaps.all, ...orderGaps(sale)];
  if (state !== null && !state.exhaustive) {
    missing.push('Only the orders of this run’s buyers were read: read all orders (over SQL).');
  }
  if (strangers.length > 0) {
    missing.push(
      `${counted(strangers.length, 'row')} bear no mark of this run: another client was buying, or the shop made ` +
        'them. Run against a shop that nobody else uses.',
    );
  }
  return holdsUnless('phantom-order', {
    missing,
    summary: `${counted(sale.rows.length, 'row')}, ${strangers.length} of strangers.`,
    witness: witnessOf(evidence, {
      rows: strangers.length > 0 ? strangers : sale.rows.keys(),
      figures,
    }),
  });
}

function tooManyRows(evidence: Evidence, { count, surplus }: Surpluses): Finding {
  const sale = saleOf(evidence);
  const { pool, rows, tickets, asked } = surplus;
  const live = tickets > 0 ? counted(tickets, 'ticket') : counted(rows.length, 'cancelled order');
  return violated('phantom-order', {
    count,
    summary:
      `Rows name no intent, but ${live} in ${counted(rows.length, 'row')} of pool ${sale.pools[pool]!.id} exceed the ` +
      `${asked} asked for by all requests that can have made them.`,
    witness: witnessOf(evidence, {
      operations: requestsBehind(evidence, surplus),
      rows,
      pools: [pool],
      figures: { rows: sale.rows.length, tickets, asked },
    }),
  });
}

/** Where the value is in the column. */
function placesOf(value: number, column: Int32Array): number[] {
  const places: number[] = [];
  for (let at = column.indexOf(value); at !== -1; at = column.indexOf(value, at + 1))
    places.push(at);
  return places;
}

export const phantomOrder: Invariant = {
  id: 'phantom-order',
  statement: 'An order has a buyer',
  decide,
};
