import { co4353Rows } from './expected-co4353.ts';
import { primepassRows } from './expected-primepass.ts';
import { referenceRows } from './expected-reference.ts';
import { wdmRows } from './expected-wdm.ts';
import type { Row } from './row.ts';

/** Every row, in the order of the table: a name is of one row. */
export const rows: readonly Row[] = [...primepassRows, ...referenceRows, ...wdmRows, ...co4353Rows];
