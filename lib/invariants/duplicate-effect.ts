import { PAY, PURCHASE } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import { exampleOf, intentsViolate, intentsWhere } from './by-intent.ts';
import { counted, holdsUnless, witnessOf } from './conclude.ts';
import { orderGaps } from './evidence-gaps.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { keepsMoney, type Ledger, ledgerOf, takenFor } from './ledger.ts';
import { differentReplies } from './replies.ts';
import { type Sale, saleOf, unexplainedGaps } from './sale.ts';
import { attemptsOf, mayKeepMoney, recognisesKeys } from './spending.ts';

/*
 * Claims: one intent has one effect, however often it was tried. Its live tickets, in whichever pool, are never more than
 * it asked for; rows may be orders or single tickets, so tickets are summed, and any excess is a duplicate, whole or not.
 * It is not charged twice: less than twice the price was taken and not given back, by its payments or from the account of
 * a buyer with no other intent, unless it may have been given back without its money and bought anew. And where the target
 * recognises keys, its purchases get one reply (replies.ts).
 *
 * Cannot see: a second effect that was undone again; whose a row is that names no intent (*unknown* where no purchase was
 * found for it); a second charge whose price nobody told, or that hides in an
 * account of several intents; a shortfall, which is partial-purchase's case; intents whose operations ask for different
 * things; that an error was or was not the saved reply, for a gateway may have sent it.
 *
 * Witness: the operations of one intent and its rows.
 */
type How = 'tickets' | 'charged' | 'replies';

function decide(evidence: Evidence): Finding {
  const sale = saleOf(evidence);
  const { wants } = sale;
  const trusted = sale.gaps.state.length === 0;
  const owned = (intent: number) => wants.live[intent]! + wants.liveElsewhere[intent]!;
  const bought = intentsWhere(sale, (each) => wants.pool[each]! >= 0 && owned(each) > 0);
  const money = keepsMoney(evidence) ? ledgerOf(evidence) : null;
  const howOf = (intent: number) => duplicateOf(evidence, sale, { intent, trusted, money });
  const found = intentsWhere(sale, (each) => howOf(each) !== null);
  const figures = { bought: bought.length, duplicated: found.length };
  const [first] = found;
  if (first !== undefined) {
    const how = howOf(first)!;
    const amounts = {
      asked: wants.quantity[first]!,
      got: owned(first),
      ...(how === 'charged' ? { taken: takenFor(money!, first)! } : {}),
    };
    return intentsViolate('duplicate-effect', evidence, {
      intents: found,
      summary: `${counted(found.length, 'intent')} fulfilled more than once: ${words[how](amounts)}.`,
      figures: { ...figures, ...amounts },
    });
  }
  return holdsUnless('duplicate-effect', {
    missing: [...sale.gaps.all, ...orderGaps(sale), ...unexplainedGaps(sale)],
    summary: `${counted(bought.length, 'intent')} with tickets, ${found.length} with more than asked for.`,
    witness: witnessOf(evidence, { ...exampleOf(sale, bought[0]), figures }),
  });
}

interface Amounts {
  readonly asked: number;
  readonly got: number;
  readonly taken?: number;
}
const words: Readonly<Record<How, (amounts: Amounts) => string>> = {
  tickets: ({ asked, got }) => `one asked for ${asked} and got ${got}`,
  charged: ({ taken }) => `one was charged ${taken}, twice the price or more`,
  replies: () => 'purchases with one key got different replies',
};

function duplicateOf(
  evidence: Evidence,
  sale: Sale,
  of: { readonly intent: number; readonly trusted: boolean; readonly money: Ledger | null },
): How | null {
  const { wants } = sale;
  const { intent, trusted, money } = of;
  if (wants.pool[intent]! >= 0 && trusted) {
    const owned = wants.live[intent]! + wants.liveElsewhere[intent]!;
    if (owned > wants.quantity[intent]!) return 'tickets';
    if (money !== null && isChargedTwice(evidence, sale, { intent, money })) return 'charged';
  }
  return differentReplies(evidence, sale, intent) === null ? null : 'replies';
}

/** An account in a copy that lags may show a charge and not yet what was given back. */
function isChargedTwice(
  evidence: Evidence,
  sale: Sale,
  { intent, money }: { readonly intent: number; readonly money: Ledger },
): boolean {
  if (evidence.state!.mayLag === true) return false;
  const taken = takenFor(money, intent) ?? 0;
  // Most intents took nothing; looking for their price would change nothing.
  if (taken <= 0) return false;
  const price = priceOfIntent(evidence, sale, intent) ?? 0;
  if (price === 0 || taken < 2 * price) return false;
  // What was given back without its money may have been bought anew.
  const isAnew = !recognisesKeys(evidence.fixture.rules?.idempotency);
  return !(isAnew && mayKeepMoney(evidence, sale, intent));
}

/** By its payments where it has any, else by its purchases; an amount told by both would be a deposit and a rest. */
function priceOfIntent(evidence: Evidence, sale: Sale, intent: number): number | null {
  const pays = attemptsOf(evidence, sale, { intent, kind: PAY });
  const purchases = attemptsOf(evidence, sale, { intent, kind: PURCHASE });
  if (pays.count === 0) return purchases.each;
  return purchases.isTold ? null : pays.each;
}

export const duplicateEffect: Invariant = {
  id: 'duplicate-effect',
  statement: 'One intent, one effect',
  decide,
};
