import type pg from 'pg';
import { flawsNamed } from '../facades/flaws.ts';
import type { Shop } from '../shop/shop.ts';
import { ackBeforeCommit } from './ack-before-commit.ts';
import { checkThenAct } from './check-then-act.ts';
import { doubleBooking } from './double-booking.ts';
import { errorAfterCommit } from './error-after-commit.ts';
import { errorBursts } from './error-bursts.ts';
import { false5xx } from './false-5xx.ts';
import type { Flaw } from './flaw.ts';
import { lostUpdate } from './lost-update.ts';
import { partialFulfilment } from './partial-fulfilment.ts';
import { phantomOrder } from './phantom-order.ts';
import { slowTail } from './slow-tail.ts';
import { stickySoldOut } from './sticky-sold-out.ts';

/** Every flaw there is, in the order in which several are planted: those with their own way of selling first. */
export const flaws: readonly Flaw[] = [
  checkThenAct,
  ackBeforeCommit,
  partialFulfilment,
  lostUpdate,
  errorAfterCommit,
  doubleBooking,
  phantomOrder,
  stickySoldOut,
  false5xx,
  slowTail,
  errorBursts,
];

/** The shop with these flaws in it. */
export function plantFlaws(shop: Shop, names: readonly string[], pool: pg.Pool): Shop {
  return flawsNamed(flaws, names).reduce((planted, flaw) => flaw.plant(planted, pool), shop);
}
