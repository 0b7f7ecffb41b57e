import { type Expectation, expectationOf } from './compare.ts';
import type { Load, Row } from './row.ts';

const marks: Readonly<Record<Expectation, string>> = {
  violated: '**violated**',
  unknown: 'unknown',
  silent: '(silent)',
  either: '(either)',
  holds: '·',
  beside: '',
};

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

const planWords = (load: Load) =>
  [
    ...(load.scenario === 'purchase-burst' ? [] : [load.scenario]),
    `${load.buyers} buyers`,
    load.arrivals === 'constant' ? 'evenly' : `${load.crowd * 100} % at T₀`,
    `over ${load.duration}`,
    `${load.pools} × ${load.capacity} tickets`,
    ...(load.zipf === 0 ? [] : [`Zipf ${load.zipf}`]),
    ...(load.quantities === '1:1' ? [] : [`quantities ${load.quantities}`]),
    `time-out ${load.timeout}`,
    `seed ${load.seed}`,
    ...(load.more.length === 0 ? [] : [`\`${load.more.join(' ')}\``]),
  ].join(', ');

/** The matrix itself: one row a shop, one column an invariant. */
export function matrixTable(rows: readonly Row[], invariants: readonly string[]): string {
  return table(
    ['shop', ...invariants],
    rows.map((row) => [row.name, ...invariants.map((each) => marks[expectationOf(row, each)])]),
  );
}

/** Why each row is as it is, with its plan. */
export function reasonsTable(rows: readonly Row[]): string {
  return table(
    ['shop', 'plan', 'why'],
    rows.map((row) => [row.name, planWords(row.loads[0]), row.because + traceWords(row)]),
  );
}

const traceWords = ({ trace }: Row) => {
  if (trace === null) return '';
  return {
    info: ' That it was so is seen by operations that ended as `info`.',
    errors: ' That it was so is seen by operations that ended as `info` or `fail`.',
    latencyMsP99: ` That it was so is seen by a p99 above ${trace.above} ms.`,
  }[trace.of];
};

/** Which rows show that each check can fire, and how many others that it can be silent. */
export function coverageTable(rows: readonly Row[], invariants: readonly string[]): string {
  const those = (invariant: string, expected: Expectation) =>
    rows.filter((row) => expectationOf(row, invariant) === expected);
  return table(
    ['invariant', 'fired by', 'holds in'],
    invariants.map((each) => [
      each,
      those(each, 'violated')
        .map(({ name }) => name)
        .join(', '),
      `${those(each, 'holds').length} of ${rows.length} rows, the control among them`,
    ]),
  );
}

const BEGIN = '<!-- begin: npm run matrix -- --write -->';
const END = '<!-- end -->';

/** The document with its generated part made anew. Throws where it has no place for it. */
export function withTables(
  document: string,
  rows: readonly Row[],
  invariants: readonly string[],
): string {
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`the document has no ${BEGIN} … ${END}`);
  }
  const parts = [
    matrixTable(rows, invariants),
    'An empty cell says nothing about such a sale and is not judged. `·` holds. `(silent)` holds or is unknown, as timing has it, and is never violated. `(either)` is violated where the flaw came to do that, too, which is up to timing.',
    reasonsTable(rows),
    coverageTable(rows, invariants),
  ];
  return `${before}${BEGIN}\n\n${parts.join('\n\n')}\n\n${END}${after}`;
}
