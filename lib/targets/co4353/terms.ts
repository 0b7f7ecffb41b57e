import type { Connection } from '../admin.ts';

/** What is sold: events with many tickets each, or, in the course that the family descends from, tickets one by one. */
export type Dialect = 'events' | 'tickets';

/** What the options say, in numbers. */
export interface Terms {
  /** Null: to be found out. */
  readonly dialect: Dialect | null;
  /** Price of a ticket in whole units of the currency, as the API wants it. */
  readonly price: number;
  readonly card: string;
  readonly holdMs: number;
  readonly graceMs: number;
  /** Null: to be measured. */
  readonly skewMs: number | null;
  readonly propagationMs: number;
  /** All buyers have one session. */
  readonly isShared: boolean;
}

const UNITS_MS = { ms: 1, s: 1000, m: 60_000 } as const;

/** `1500ms`, `60s` or `2m`. */
export const DURATION = /\d{1,6}(ms|s|m)/;

function durationMs(text: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m)$/.exec(text) ?? [];
  return Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}

/** The connection's options have been checked by their patterns. */
export function termsOf({ options }: Pick<Connection, 'options'>): Terms {
  const { dialect, price, card = '', hold = '', grace = '', skew = '', propagation = '' } = options;
  return {
    dialect: dialect === 'events' || dialect === 'tickets' ? dialect : null,
    price: Number(price),
    card,
    holdMs: durationMs(hold),
    graceMs: durationMs(grace),
    skewMs: skew === '' ? null : durationMs(skew),
    propagationMs: durationMs(propagation),
    isShared: options.buyers === 'shared',
  };
}
