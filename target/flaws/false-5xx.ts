import { setTimeout as sleep } from 'node:timers/promises';
import type { Flaw } from './flaw.ts';

const RECEIPT_MS = 5;
const RECEIPT_LIMIT_MS = 25;

/**
 * The order stands; only its receipt has to be made, and a process makes one at a time. In a rush the receipts queue,
 * the limit for one runs out, and the exception goes all the way up. The buyer cannot tell what happened.
 */
export const false5xx: Flaw = {
  name: 'false-5xx',
  bug: 'Answers 500 after a sale that worked, because making the receipt for it ran into a time limit.',
  place: 'around',
  plant: (shop) => ({
    ...shop,
    purchase: withReceipt(shop.purchase, (sale) => sale === 'sold'),
  }),
};

/** The work with a receipt for what was sold. Throws where the printer is too busy, although all is done. */
export function withReceipt<Asked, Done>(
  work: (asked: Asked) => Promise<Done>,
  sold: (done: Done) => boolean,
): (asked: Asked) => Promise<Done> {
  let printer: Promise<unknown> = Promise.resolve();
  return async (asked) => {
    const done = await work(asked);
    if (!sold(done)) return done;
    const receipt = printer.then(() => sleep(RECEIPT_MS, 'printed'));
    printer = receipt;
    const got = await Promise.race([receipt, sleep(RECEIPT_LIMIT_MS, 'late')]);
    if (got === 'late') throw new Error('no receipt in time');
    return done;
  };
}
