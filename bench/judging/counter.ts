import type { Operation } from '../../lib/model/operation.ts';

/**
 * A correct sale of one pool, ticket by ticket, with a look at what is left for every third purchase: the history of a
 * counter. Each operation takes effect at a moment of its interval that the index alone decides, and says what the
 * counter was at that moment. `length` operations, `atOnce` at once, and as many tickets as there are sold halfway.
 */
export interface CounterSale {
  readonly length: number;
  readonly atOnce: number;
}

const T0 = 1_763_730_000_000;
const DURATION_MS = 100;
const KEY_BEGIN = 'onsale-20261121T120000Z-counter-';
export const COUNTER_POOL = '7';

const isRead = (i: number) => i % 4 === 3;
const isSilent = (i: number) => i % 97 === 0 && !isRead(i);
/** Evenly in [0, 1), without any order. */
const spread = (i: number) => (Math.imul(i + 1, 0x9e37_79b1) >>> 0) / 2 ** 32;

export const capacityOf = ({ length }: CounterSale) => Math.floor(length / 4);

/** In the order in which they took effect, times in whole milliseconds as k6 stamps them. */
export function counterSale(sale: CounterSale): Operation[] {
  const gapMs = DURATION_MS / sale.atOnce;
  const effects = Array.from({ length: sale.length }, (_, i) => {
    const start = i * gapMs;
    const took = DURATION_MS * (0.5 + spread(i));
    return { i, start, end: start + took, at: start + took * spread(i + sale.length) };
  }).sort((a, b) => a.at - b.at);
  let left = capacityOf(sale);
  return effects.map(({ i, start, end }) => {
    const finds = left > 0;
    if (!isRead(i) && finds) left--;
    return { ...common(i, start, end), ...answer(i, { finds, left }) };
  });
}

function common(i: number, start: number, end: number) {
  const intent = `${KEY_BEGIN}${i}`;
  return {
    session: i,
    intent,
    pool: COUNTER_POOL,
    quantity: 1,
    start: T0 + Math.floor(start),
    end: T0 + Math.ceil(end),
  };
}

function answer(i: number, { finds, left }: { readonly finds: boolean; readonly left: number }) {
  if (isRead(i))
    return {
      kind: 'availability',
      outcome: 'ok',
      status: 200,
      reason: '',
      reply: '',
      value: left,
    } as const;
  if (isSilent(i))
    return { kind: 'purchase', outcome: 'info', status: 0, reason: 'timeout', reply: '' } as const;
  if (finds)
    return { kind: 'purchase', outcome: 'ok', status: 200, reason: '', reply: '' } as const;
  return {
    kind: 'purchase',
    outcome: 'refused',
    status: 400,
    reason: 'sold-out',
    reply: 'sold out',
  } as const;
}
