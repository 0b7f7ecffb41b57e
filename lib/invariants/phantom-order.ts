import { STRANGER, UNPLANNED, UNSENT } from '../history/attribution.ts';
import type { Finding } from '../model/finding.ts';
import { counted, holdsUnless, violated, witnessOf } from './conclude.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { saleOf } from './sale.ts';

/*
 * Claims: every order has a buyer who asked for it. A phantom is a row, live or cancelled, that carries the mark of
 * this run, but belongs to an intent that was never planned, or never sent; and where the user vouches that nobody else
 * buys from the pools also a row of anybody else. While the history is incomplete, a planned intent without an operation
 * may have been sent and cut off, so its row is no phantom.
 *
 * Cannot see: whose a row is that names a buyer of the run and no intent, beyond as many as intents explain (*unknown*);
 * without that word, whose a row without this run's mark is: the shop may have made it, or another client
 * bought at the same time. Such rows are told and make the claim *unknown*, nobody is accused. Nor rows that a partial
 * listing leaves out.
 *
 * Witness: up to ten phantom rows.
 */
function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const { historyComplete, intents, state, fixture } = evidence;
  // A whole plan names every intent; without a plan only a complete history does.
  const unplanned =
    historyComplete || intents.intents.length > 0 ? placesOf(UNPLANNED, sale.rowIntent) : [];
  const unsent = historyComplete ? placesOf(UNSENT, sale.rowIntent) : [];
  const strangers = placesOf(STRANGER, sale.rowIntent).filter(
    (row) => !sale.nameless.rows.has(row),
  );
  const inOurs = strangers.filter(
    (row) =>
      sale.rowPool[row]! >= 0 && (sale.nameless.count === 0 || sale.rows[row]!.intent !== null),
  );
  const unasked = fixture.exclusive === true ? inOurs : [];
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
  const missing = [...sale.gaps.all];
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
