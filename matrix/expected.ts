import { co4353Rows } from './expected-co4353.ts';
import { primepassRows } from './expected-primepass.ts';
import { referenceRows } from './expected-reference.ts';
import { wdmRows } from './expected-wdm.ts';
import type { Row } from './row.ts';

/** Every row, in the order of the table: a name is of one row. */
export const rows: readonly Row[] = [...primepassRows, ...referenceRows, ...wdmRows, ...co4353Rows];

/**
 * Left out of `--brief`, which `.ci/run` measures: what another row shows as well, on the same façade or by the same
 * code. Every claim still has a row that fires it, every façade its controls.
 */
const leftOut = new Set([
  ...['false-5xx', 'slow-tail', 'error-bursts'],
  ...['check-then-act', 'lost-update', 'ack-before-commit', 'partial-fulfilment'].map(inBoxOffice),
  ...['error-after-commit', 'phantom-order', 'sticky-sold-out', 'false-5xx'].map(inBoxOffice),
  ...['slow-tail', 'error-bursts', 'double-compensation', 'lagging-replica'].map(inBoxOffice),
  ...['wdm-false-5xx', 'wdm-slow-tail', 'wdm-error-bursts', 'wdm-check-then-act'],
  ...['wdm-paid-without-stock', 'wdm-double-compensation'],
  ...['co4353-slow-tail', 'co4353-error-bursts', 'co4353-counters-diverge'],
  ...['co4353-hold-never-released', 'co4353-paid-after-expiry'],
]);

function inBoxOffice(flaw: string): string {
  return `box-${flaw}`;
}

export const briefRows: readonly Row[] = rows.filter(({ name }) => !leftOut.has(name));
