import type { Ask, Booking, BoxOffice } from '../office.ts';

/** The office with something wrapped around every purchase and hold. */
export function aroundSales(
  office: BoxOffice,
  wrap: (ask: Ask, sell: () => Promise<Booking>) => Promise<Booking>,
): BoxOffice {
  return {
    ...office,
    purchase: (ask, keep) => wrap(ask, () => office.purchase(ask, keep)),
    hold: (ask, keep) => wrap(ask, () => office.hold(ask, keep)),
  };
}
