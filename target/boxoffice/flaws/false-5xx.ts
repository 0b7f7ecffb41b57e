import { setTimeout as sleep } from 'node:timers/promises';
import { aroundSales } from './around-sales.ts';
import type { Flaw } from './flaw.ts';

const RECEIPT_MS = 20;
const RECEIPT_LIMIT_MS = 25;

/**
 * The order stands; only its receipt has to be made, and a process makes one at a time. In a rush the receipts queue,
 * the limit for one runs out, and the exception goes all the way up. The buyer cannot tell what happened.
 */
export const false5xx: Flaw = {
  name: 'false-5xx',
  bug: 'Answers 500 after a sale that worked, because making the receipt for it ran into a time limit.',
  place: 'around',
  plant: (office) => {
    let printer: Promise<unknown> = Promise.resolve();
    return aroundSales(office, async (_ask, sell) => {
      const booking = await sell();
      const receipt = printer.then(() => sleep(RECEIPT_MS, 'printed'));
      printer = receipt;
      const got = await Promise.race([receipt, sleep(RECEIPT_LIMIT_MS, 'late')]);
      if (got === 'late') throw new Error('no receipt in time');
      return booking;
    });
  },
};
