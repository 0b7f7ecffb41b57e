import type { Check } from '../facts.ts';
import { checkFalseSoldOut } from './false-sold-out.ts';
import { checkMoneyConservation, checkSagaAtomicity } from './money.ts';
import {
  checkDuplicateEffect,
  checkLostPurchase,
  checkPartialPurchase,
  checkRefusedButSold,
} from './one-intent.ts';
import { checkOversellFinal, checkOversellInstant } from './oversell.ts';
import { checkPhantomOrder } from './phantom-order.ts';
import { checkStockConservation } from './stock-conservation.ts';

export type Scope = 'pool' | 'intent';

export interface Checked {
  /** What is claimed of a correct sale, in this program's own words. */
  readonly claim: string;
  /** Whose operations and rows are counted: those of its pool, or those of its intent. */
  readonly scope: Scope;
  readonly check: Check;
}

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
      scope: 'intent',
      check: checkLostPurchase,
    },
  ],
  [
    'phantom-order',
    {
      claim: 'every order has a buyer who asked for it',
      scope: 'intent',
      check: checkPhantomOrder,
    },
  ],
  [
    'refused-but-sold',
    {
      claim: 'a buyer who was refused owns nothing',
      scope: 'intent',
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
      check: checkFalseSoldOut,
    },
  ],
]);
