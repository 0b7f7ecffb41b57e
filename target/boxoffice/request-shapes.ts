/** JSON Schemas of what may be asked. Nothing is coerced and nothing unknown is let through: a typing error is said. */
const text = (maxLength = 200) => ({
  type: 'string',
  minLength: 1,
  maxLength,
  // PostgreSQL has no text with a NUL in it.
  pattern: '^[^\\u0000]*$',
});
const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });
const orNull = (schema: { type: string }) => ({ ...schema, type: [schema.type, 'null'] });
const object = (required: readonly string[], properties: Record<string, unknown>) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

const time = orNull({ ...text(40), format: 'date-time' } as { type: string });
const creditCents = whole(0, 1_000_000_000_000);

const newPool = object(['name', 'capacity', 'priceCents'], {
  name: text(),
  capacity: whole(0, 1_000_000),
  priceCents: whole(0, 10_000_000),
  seats: whole(1, 100_000),
});

export const newEventShape = object(['name', 'pools'], {
  name: text(),
  opensAt: time,
  closesAt: time,
  limitPerBuyer: orNull(whole(1, 1000)),
  holdMs: whole(1, 86_400_000),
  latePayment: { enum: ['reject', 'accept-if-capacity', 'accept'] },
  pools: { type: 'array', minItems: 1, maxItems: 50, items: newPool },
});

export const newBuyerShape = object(['id', 'creditCents'], {
  id: text(),
  creditCents,
  event: orNull(text()),
});

export const newBuyersShape = object(['buyers'], {
  event: orNull(text()),
  buyers: {
    type: 'array',
    maxItems: 5000,
    items: object(['id', 'creditCents'], { id: text(), creditCents }),
  },
});

export const askShape = object(['buyer', 'pool', 'quantity'], {
  buyer: text(),
  pool: text(),
  quantity: whole(1, 1000),
  seat: orNull(text()),
  metadata: { type: 'object', properties: { intent: orNull(text()) } },
});

export const buyerParams = object(['id'], { id: text() });

export const paymentShape = object(['amountCents'], { amountCents: whole(0, 10_000_000_000) });

/** A query's values are texts. */
const count = { type: 'string', pattern: '^[1-9][0-9]{0,8}$' };
const page = { page: count, limit: { type: 'string', pattern: '^([1-9][0-9]{0,2}|1000)$' } };

export const eventsQuery = object([], { name: text(), ...page });
export const buyersQuery = object([], { event: text(), ...page });
export const ordersQuery = object(['event'], {
  event: text(),
  buyer: text(),
  intent: text(),
  ...page,
});
export const paymentsQuery = object(['event'], { event: text(), ...page });
export const poolQuery = object([], { copy: { const: 'replica' } });
