import type { Prove } from './proof.ts';
import {
  proveBuyerLimit,
  proveDoubleAllocation,
  proveIllegalTransition,
  provePaidAfterExpiry,
  proveSaleWindow,
} from './proofs/by-shown.ts';
import { proveFalseSoldOut, proveLeakedHold } from './proofs/false-sold-out.ts';
import { proveByMoney, proveMoneyConservation } from './proofs/money.ts';
import {
  proveDuplicateEffect,
  proveLostPurchase,
  provePartialPurchase,
  proveRefusedButSold,
} from './proofs/one-intent.ts';
import { proveOversellFinal, proveOversellInstant } from './proofs/oversell.ts';
import { provePhantomOrder } from './proofs/phantom-order.ts';
import {
  proveNonMonotonicAvailability,
  proveReadYourWrites,
  proveStaleAvailability,
} from './proofs/reads.ts';
import { proveStockConservation } from './proofs/stock-conservation.ts';

/** How each invariant's violation is proved. A new one is a new file and a line here, and one of each in `recheck/`. */
export const proofs: ReadonlyMap<string, Prove> = new Map([
  ['oversell-final', proveOversellFinal],
  ['oversell-instant', proveOversellInstant],
  ['lost-purchase', proveLostPurchase],
  ['phantom-order', provePhantomOrder],
  ['refused-but-sold', proveRefusedButSold],
  ['partial-purchase', provePartialPurchase],
  ['duplicate-effect', proveDuplicateEffect],
  ['stock-conservation', proveStockConservation],
  ['money-conservation', proveMoneyConservation],
  ['saga-atomicity', proveByMoney],
  ['false-sold-out', proveFalseSoldOut],
  ['stale-availability', proveStaleAvailability],
  ['non-monotonic-availability', proveNonMonotonicAvailability],
  ['read-your-writes', proveReadYourWrites],
  ['double-allocation', proveDoubleAllocation],
  ['buyer-limit', proveBuyerLimit],
  ['leaked-hold', proveLeakedHold],
  ['paid-after-expiry', provePaidAfterExpiry],
  ['illegal-transition', proveIllegalTransition],
  ['sale-window', proveSaleWindow],
]);
