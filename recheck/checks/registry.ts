import type { Check } from '../facts.ts';
import type { Certificate } from '../read-certificate.ts';
import { checkFalseSoldOut } from './false-sold-out.ts';
import { checkLeakedHold, checkPaidAfterExpiry, checkSaleWindow } from './in-time.ts';
import { checkMoneyConservation, checkSagaAtomicity } from './money.ts';
import {
  checkDuplicateEffect,
  checkLostPurchase,
  checkPartialPurchase,
  checkRefusedButSold,
} from './one-intent.ts';
import { checkIllegalTransition } from './order-states.ts';
import { checkOversellFinal, checkOversellInstant } from './oversell.ts';
import { checkPhantomOrder } from './phantom-order.ts';
import {
  checkNonMonotonicAvailability,
  checkReadYourWrites,
  checkStaleAvailability,
} from './reads.ts';
import { checkStockConservation } from './stock-conservation.ts';
import { checkBuyerLimit, checkDoubleAllocation } from './who-holds.ts';

export type Scope = 'pool' | 'intent' | 'shown';

export interface Checked {
  /** What is claimed of a correct sale, in this program's own words. */
  readonly claim: string;
  /** Whose operations and rows are counted: those of its pool, of its intent, or of all intents it shows. */
  readonly scope: Scope | ((of: Certificate) => Scope);
  /** Whom a claim about a pool, or about what is shown, names besides: nobody where absent. */
  readonly names?: 'intent' | 'buyer';
  readonly check: Check;
}

export function scopeOf({ scope }: Checked, of: Certificate): Scope {
  return typeof scope === 'string' ? scope : scope(of);
}

/** Names in `about` that the claim has no use for, so that nobody is accused by the way. */
export function idleNames(checked: Checked, of: Certificate): string[] {
  const { pool, intent, buyer, from, to } = of.about;
  const scope = scopeOf(checked, of);
  const mayNameIntent = scope === 'intent' || (scope === 'pool' && checked.names === 'intent');
  const mayNameBuyer = checked.names === 'buyer' && scope !== 'intent';
  return [
    ...(pool !== null && scope === 'shown' ? ['pool'] : []),
    ...(intent !== null && !mayNameIntent ? ['intent'] : []),
    ...(buyer !== undefined && !mayNameBuyer ? ['buyer'] : []),
    ...((from ?? to) !== undefined && !(mayNameBuyer && scope === 'pool') ? ['time'] : []),
  ];
}

/** Where rows name no intent, those of a pool are held against what was asked for. */
const aboutPoolOrIntent = ({ about, restsOn }: Certificate): Scope =>
  about.intent === null && (restsOn.state?.namelessRows ?? 0) > 0 ? 'pool' : 'intent';

const aboutPoolOrShown = ({ about }: Certificate): Scope =>
  about.pool === null ? 'shown' : 'pool';

export const checks: ReadonlyMap<string, Checked> = new Map<string, Checked>([
  [
    'oversell-final',
    {
      claim: 'in the end no more tickets are sold than there are',
      scope: 'pool',
      check: checkOversellFinal,
    },
  ],
  [
    'oversell-instant',
    {
      claim: 'at no moment are more tickets held than there are',
      scope: 'pool',
      check: checkOversellInstant,
    },
  ],
  [
    'lost-purchase',
    {
      claim: 'a purchase that was acknowledged exists',
      scope: aboutPoolOrIntent,
      names: 'buyer',
      check: checkLostPurchase,
    },
  ],
  [
    'phantom-order',
    {
      claim: 'every order has a buyer who asked for it',
      scope: aboutPoolOrIntent,
      names: 'buyer',
      check: checkPhantomOrder,
    },
  ],
  [
    'refused-but-sold',
    {
      claim: 'a buyer who was refused owns nothing',
      scope: aboutPoolOrIntent,
      names: 'buyer',
      check: checkRefusedButSold,
    },
  ],
  [
    'partial-purchase',
    {
      claim: 'a buyer gets all the tickets asked for or none',
      scope: 'intent',
      check: checkPartialPurchase,
    },
  ],
  [
    'duplicate-effect',
    {
      claim: 'a buyer gets no more than asked for, however often it was tried',
      scope: 'intent',
      check: checkDuplicateEffect,
    },
  ],
  [
    'stock-conservation',
    {
      claim: 'what is gone from the stock is what was sold',
      scope: 'pool',
      check: checkStockConservation,
    },
  ],
  [
    'money-conservation',
    {
      claim: 'no buyer loses or gains money but by what was bought',
      scope: 'intent',
      check: checkMoneyConservation,
    },
  ],
  [
    'saga-atomicity',
    {
      claim: 'money is taken for an order if and only if the order is paid',
      scope: 'intent',
      check: checkSagaAtomicity,
    },
  ],
  [
    'false-sold-out',
    {
      claim: 'nobody is told sold out while enough tickets certainly remain',
      scope: 'pool',
      names: 'intent',
      check: checkFalseSoldOut,
    },
  ],
  [
    'stale-availability',
    {
      claim: 'answers about what is left fit one order of events',
      scope: 'pool',
      check: checkStaleAvailability,
    },
  ],
  [
    'non-monotonic-availability',
    {
      claim: 'what is left does not rise by itself',
      scope: 'pool',
      check: checkNonMonotonicAvailability,
    },
  ],
  [
    'read-your-writes',
    {
      claim: 'buyers see what they have done',
      scope: 'pool',
      names: 'intent',
      check: checkReadYourWrites,
    },
  ],
  [
    'double-allocation',
    {
      claim: 'one seat has one owner',
      scope: 'shown',
      check: checkDoubleAllocation,
    },
  ],
  [
    'buyer-limit',
    {
      claim: 'no buyer has more tickets than the limit',
      scope: 'shown',
      names: 'buyer',
      check: checkBuyerLimit,
    },
  ],
  [
    'leaked-hold',
    {
      claim: 'a hold that has expired gives its tickets back',
      scope: aboutPoolOrShown,
      names: 'intent',
      check: checkLeakedHold,
    },
  ],
  [
    'paid-after-expiry',
    {
      claim: 'a payment for a hold that has expired is taken only where the policy allows it',
      scope: aboutPoolOrShown,
      check: checkPaidAfterExpiry,
    },
  ],
  [
    'illegal-transition',
    {
      claim: 'an order goes only where its states allow it to go',
      scope: 'shown',
      check: checkIllegalTransition,
    },
  ],
  [
    'sale-window',
    {
      claim: 'nothing is sold before the opening or after the closing',
      scope: 'shown',
      check: checkSaleWindow,
    },
  ],
]);
