import { protocol } from 'onsale:target';
import {
  arrivalOptions,
  arrive,
  type Barrier,
  openBarrier,
  type Visit,
} from './support/arrivals.ts';
import { asking, type Visitor } from './support/ask.ts';
import { settings } from './support/settings.ts';
import { summarise } from './support/summary.ts';
import { drawsOf, think } from './support/visit.ts';

/** Groups of pages that a buyer of the GIC tests went through before the order was sent. */
const PAGES = 7;

/**
 * The buyer of the GIC tests: pages, then the order. While the shop says that it is busy, which certainly sold nothing,
 * the same order is sent again at once, whatever the reply asks to wait, up to three attempts in all.
 */
function visitOf(visitor: Visitor): Visit {
  const draw = drawsOf(visitor);
  const open = asking(protocol, 'view', visitor);
  const buy = asking(protocol, 'purchase', visitor);
  return () => {
    for (let page = 0; page < PAGES; page++) open();
    for (let tried = 1; tried <= settings.attemptsMax; tried++) if (buy().reason !== 'busy') break;
    think(draw);
  };
}

export const options = arrivalOptions;
export const setup = openBarrier;
export default (barrier: Barrier): void => arrive(barrier, visitOf);
export const handleSummary = summarise;
