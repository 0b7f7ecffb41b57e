import { UsageFailure } from '../../model/failure.ts';
import type { Connection, Wanted } from '../admin.ts';
import type { Generation } from './calls.ts';

/** So many times what its orders cost has a buyer where nothing is said: nobody is turned down for want of it. */
const GENEROUS = 10;

/** What options and plan come to. Money in whole units, which every team takes. */
export interface Terms {
  /** Null: to be found out. */
  readonly generation: Generation | null;
  readonly price: number;
  /** Of every buyer. */
  readonly credit: number;
  /** Nobody lacks credit, however often the scenario lets an order be checked out before money comes back. */
  readonly ample: boolean;
  /** What a 4xx that names neither stock nor credit is taken for, and whether reads may lag. */
  readonly assume: 'auto' | 'sold-out' | 'nothing';
  readonly reads: 'auto' | 'exact' | 'lag';
  readonly batch: boolean;
}

/** Names of the buyers by intent: number of the buyer, or of the intent where each has its own. */
export function buyerNumbers({ intents }: Pick<Wanted, 'intents'>): number[] {
  return intents.intents.map(({ buyer }, i) => buyer ?? i);
}

/** Throws a `UsageFailure` where numbers would come about that the shops, which count in floats, could not keep apart. */
export function termsOf({ options }: Pick<Connection, 'options'>, asked: Wanted): Terms {
  const price = Number(options.price);
  const most = mostUnits(asked) * price;
  const credit = options.credit === '' ? most * GENEROUS : Number(options.credit);
  if (!Number.isSafeInteger(credit) || !Number.isSafeInteger(most)) throw tooMuch(most);
  return {
    generation: options.generation === 'auto' ? null : (options.generation as Generation),
    price,
    credit,
    ample: credit >= most * checkoutsAtOnce(asked),
    assume: options.assume as Terms['assume'],
    reads: options.reads as Terms['reads'],
    batch: options.batch === 'yes',
  };
}

/** The most units that any buyer wants in all. */
function mostUnits(asked: Wanted): number {
  const units = new Map<number, number>();
  const buyers = buyerNumbers(asked);
  asked.intents.intents.forEach(({ quantity }, i) => {
    units.set(buyers[i]!, (units.get(buyers[i]!) ?? 0) + quantity);
  });
  return [...units.values()].reduce((most, each) => Math.max(most, each), 0);
}

/** A shop that does not know a checkout again may ask for the money of each before it gives any back. */
function checkoutsAtOnce({ plan }: Wanted): number {
  return Math.max(plan.attemptsMax ?? 1, plan.stories === undefined ? 1 : 2);
}

function tooMuch(most: number): UsageFailure {
  return new UsageFailure({
    expected: 'amounts of money below 2^53',
    got: `orders of one buyer that cost ${most}`,
    where: '--option price=…, credit=…',
    remedy: 'Lower the price.',
  });
}

/** What the protocol has to know; see `protocol.ts`. */
export function dataOf(terms: Terms, generation: Generation): Record<string, string> {
  const assumed = terms.assume === 'auto' ? (terms.ample ? 'sold-out' : 'nothing') : terms.assume;
  return { generation, assume: assumed, reads: readsOf(terms, generation) };
}

/**
 * In the old form each process may answer from what it read before its last commit. In the new one reads are exact, unless
 * somebody lacks credit: then stock is taken and given back by checkouts that nobody hears of as having held any.
 */
function readsOf({ reads, ample }: Terms, generation: Generation): 'exact' | 'lag' {
  if (reads !== 'auto') return reads;
  return generation === '2024' && ample ? 'exact' : 'lag';
}
