import type { Connection } from '../admin.ts';
import { call } from './calls.ts';
import { type Availability, availabilitySchema } from './contents.ts';

/** Where the run's things are, by slugs. */
export interface Place {
  readonly organizer: string;
  readonly event: string;
}

export const inOrganizer = ({ organizer }: Pick<Place, 'organizer'>) =>
  `/api/v1/organizers/${organizer}/`;
export const inEvent = (place: Place) => `${inOrganizer(place)}events/${place.event}/`;

export function availabilityOf(
  connection: Connection,
  place: Place,
  quota: number | string,
): Promise<Availability> {
  const path = `${inEvent(place)}quotas/${quota}/availability/`;
  const ask = { method: 'GET', path, statuses: [200], expected: "a quota's availability" } as const;
  return call(connection, ask, availabilitySchema);
}

/** What is left by pretix' own sums, negative where more was sold than there is; null for an unlimited quota. */
export function remainingOf(of: Availability): number | null {
  if (of.total_size === null) return null;
  const taken = of.paid_orders + of.pending_orders + of.cart_positions + of.blocking_vouchers;
  return of.total_size - taken;
}
