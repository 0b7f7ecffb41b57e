import { z } from 'zod';

/** The parts of PrimePass' replies that the harness reads; other keys are ignored. */
export const eventsSchema = z.array(
  z.object({
    id: z.int(),
    title: z.string(),
    tickets: z.array(z.object({ id: z.int().min(1), name: z.string(), remaining: z.int() })),
  }),
);

export const ordersSchema = z.array(
  z.object({
    order_id: z.union([z.int(), z.string().min(1).max(200)]),
    status: z.string(),
    ticket_name: z.string(),
    event_title: z.string(),
  }),
);

/** Goes into the body of every purchase as it is, so it has to be a plain UUID. */
export const loginSchema = z.object({ user_id: z.guid() });

/** A ticket as `GET /api/events` shows it, with its event. */
export interface Ticket {
  readonly id: string;
  readonly event: string;
  readonly name: string;
  readonly remaining: number;
}

/** All tickets of all events, in the order of the listing. */
export function ticketsOf(events: z.infer<typeof eventsSchema>): Ticket[] {
  return events.flatMap((event) =>
    event.tickets.map((ticket) => ({
      id: String(ticket.id),
      event: event.title,
      name: ticket.name,
      remaining: ticket.remaining,
    })),
  );
}

/**
 * `live` counts against the capacity. PrimePass writes only `confirmed` and has no way to cancel; a status it does
 * not know of is taken as live, so that a sold ticket is never overlooked.
 */
export function orderStatus(status: string): 'live' | 'cancelled' {
  return /^(cancell?ed|refunded|void)$/i.test(status) ? 'cancelled' : 'live';
}

/** An order of one of the run's buyers for a ticket that is none of the run's pools: it must not get lost. */
export function caveatOfForeignTickets(count: number): string[] {
  if (count === 0) return [];
  return [`${count} order rows of this run's buyers are for tickets outside the run's pools`];
}
