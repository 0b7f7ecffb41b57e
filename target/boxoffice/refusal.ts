/** Every code that an answer other than a success can carry, and its status. */
const STATUSES = {
  invalid: 400,
  unknown_event: 404,
  unknown_pool: 404,
  unknown_buyer: 404,
  unknown_order: 404,
  sold_out: 409,
  seat_taken: 409,
  limit_reached: 409,
  not_open: 409,
  closed: 409,
  insufficient_funds: 409,
  expired: 409,
  already_paid: 409,
  cancelled: 409,
  already_cancelled: 409,
  exists: 409,
  in_flight: 409,
  key_reused: 422,
} as const;

export type RefusalCode = keyof typeof STATUSES;

/** The box office says no, and nothing was changed: thrown inside a transaction, it rolls back. */
export class Refused extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }

  get status(): number {
    return STATUSES[this.code];
  }
}
