import { cameToNothing, isAsking, mayHaveHappened, type Operation } from './facts.ts';
import { find, linesOf } from './files.ts';
import { type Certificate, operationShape } from './read-certificate.ts';
import { Unusable } from './shape.ts';

interface Sought {
  readonly of: Certificate;
  readonly inScope: (operation: Operation) => boolean;
  /** Called with every operation. */
  readonly see: (operation: Operation) => void;
  /** Those the fixture knows. */
  readonly pools: ReadonlySet<string>;
  /** Keys of rows; those that an operation bears are taken out. */
  readonly unknownKeys: Set<string>;
  /** The intent is of the buyer that the certificate is about, or of nobody known. */
  readonly mayBeOf: (intent: string) => boolean;
}

/**
 * The operations in scope, and what a certificate rests on of all others. Lines that are no operation are counted as
 * damaged. Throws an {@link Unusable} where there is no history.
 */
export async function readHistory(folder: string, sought: Sought) {
  const { of, inScope, see, pools, unknownKeys, mayBeOf } = sought;
  const path = find(folder, 'history.ndjson');
  if (path === null) throw new Unusable("history.ndjson: expected this file in the run's folder");
  const wishes = new Map<string, string>();
  const mixed = new Set<string>();
  /** Pools of payments and cancellations, and intents for which they are not all the same. */
  const settled = new Map<string, string>();
  const torn = new Set<string>();
  const operations: Operation[] = [];
  /** By intent, of those out of scope that were refused or not answered: when the first began. */
  const triedElsewhere = new Map<string, number>();
  const shown = of.operations.map((operation) => JSON.stringify(operation));
  let count = 0;
  let damaged = 0;
  let backward = 0;
  let ticketsElsewhere = 0;
  let givenBack = 0;
  let boughtByBuyer = 0;
  const hasBuyer = of.about.pool !== null && of.about.buyer !== undefined;
  let lastEnd: number | null = null;
  for await (const line of linesOf(path)) {
    const operation = readLine(line);
    if (operation === null) {
      if (line.trim() !== '') damaged++;
      continue;
    }
    count++;
    see(operation);
    const { intent, pool, quantity, start, end } = operation;
    if (end < start) backward++;
    if (operation.kind === 'cancel' && mayHaveHappened(operation)) givenBack++;
    const isBuying = isAsking(operation) || operation.kind === 'pay';
    if (hasBuyer && isBuying && mayHaveHappened(operation) && mayBeOf(intent)) boughtByBuyer++;
    if (isAsking(operation)) {
      if (mayHaveHappened(operation) && !pools.has(pool)) ticketsElsewhere += quantity;
      const wish = `${quantity} ${pool}`;
      if ((wishes.get(intent) ?? wish) !== wish) mixed.add(intent);
      wishes.set(intent, wish);
    }
    if (lastEnd === null || end > lastEnd) lastEnd = end;
    if (operation.kind === 'pay' || operation.kind === 'cancel') {
      if ((settled.get(intent) ?? pool) !== pool) torn.add(intent);
      settled.set(intent, pool);
    }
    unknownKeys.delete(intent);
    if (!inScope(operation)) {
      if (cameToNothing(operation))
        triedElsewhere.set(intent, Math.min(start, triedElsewhere.get(intent) ?? start));
      continue;
    }
    operations.push(operation);
    if (shown.length === 0) continue;
    const place = shown.indexOf(JSON.stringify(operation));
    if (place !== -1) shown.splice(place, 1);
  }
  for (const [intent, pool] of settled) {
    const wish = wishes.get(intent);
    if (wish === undefined) continue;
    if (torn.has(intent) || wish !== `${wish.split(' ', 1)[0]} ${pool}`) mixed.add(intent);
  }
  const restsOn = {
    operations: count,
    lastEnd,
    backward,
    mixedIntents: mixed.size,
    ticketsElsewhere,
    ...(givenBack === 0 ? {} : { givenBack }),
    ...(boughtByBuyer === 0 ? {} : { boughtByBuyer }),
  };
  return { operations, triedElsewhere, mixed, damaged, missing: shown.length, restsOn };
}

function readLine(line: string): Operation | null {
  try {
    return operationShape(JSON.parse(line.replace(/^\ufeff/, '')), 'a line');
  } catch {
    return null;
  }
}
