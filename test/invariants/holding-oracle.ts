import type { Operation } from '../../lib/model/operation.ts';
import { buyerOf, type HeldSale } from './held-sales.ts';

/*
 * The naive judge of what is held at once: tries every order of what the operations did, at moments within their
 * intervals, every choice of what `info` operations did, and expiries at any moment from the earliest on. Where keys are
 * known, an operation may do nothing but tell again what one like it did. A shop is correct if after no step more is held
 * than the limit allows. It shares no code and no idea with the checks.
 */
export interface Holding {
  /** Kept for good; else until it expires, if it ever does. */
  readonly kept: boolean;
  readonly expiresAt: number;
}

export type Held = ReadonlyMap<string, Holding>;

export interface Step {
  readonly at: number;
  readonly open: readonly Operation[];
  readonly held: Held;
}

export function hasCorrectHolding(
  sale: HeldSale,
  isAllowed: (held: Held, sale: HeldSale) => boolean,
): boolean {
  const open = sale.operations.filter(({ outcome }) => outcome === 'ok' || outcome === 'info');
  return extend(sale, isAllowed, { at: Number.NEGATIVE_INFINITY, open, held: new Map() });
}

function extend(
  sale: HeldSale,
  isAllowed: (held: Held, sale: HeldSale) => boolean,
  step: Step,
): boolean {
  if (!isAllowed(step.held, sale)) return false;
  if (step.open.every(({ outcome }) => outcome === 'info')) return true;
  const next = [...effects(sale, step), ...expiries(sale, step)];
  return next.some((after) => extend(sale, isAllowed, after));
}

function effects(sale: HeldSale, { at, open, held }: Step): Step[] {
  const { clockErrorMs, rules } = sale;
  return open.flatMap((each) => {
    const moment = Math.max(at, each.start - clockErrorMs);
    const last = each.outcome === 'info' ? Number.POSITIVE_INFINITY : each.end + clockErrorMs;
    if (moment > last) return [];
    const rest = open.filter((other) => other !== each);
    // The moment is a true one: the clock error, which `expiries` takes off, is no part of it.
    const endsAt = moment + (rules.holdMs ?? 0) + clockErrorMs;
    const done = { at: moment, open: rest, held: after(held, each, endsAt) };
    return isRepeated(sale, open, each) ? [done, { ...done, held }] : [done];
  });
}

/** It may be answered by what was told before. */
function isRepeated({ rules, operations }: HeldSale, open: Step['open'], each: Operation): boolean {
  const { intent, kind, expiresAt } = each;
  const isLike = (other: Operation) =>
    other.intent === intent && other.kind === kind && other.expiresAt === expiresAt;
  return (
    rules.idempotency !== 'none' &&
    operations.some(
      (other) => /^(ok|info)$/.test(other.outcome) && !open.includes(other) && isLike(other),
    )
  );
}

/** A hold whose reply does not tell when it ends does so at `endsAt`. */
function after(held: Held, { kind, intent, expiresAt }: Operation, endsAt: number): Held {
  const now = new Map(held);
  const own = held.get(intent);
  const ends = Math.max(
    kind === 'hold' ? (expiresAt ?? endsAt) : Number.NEGATIVE_INFINITY,
    own?.expiresAt ?? Number.NEGATIVE_INFINITY,
  );
  if (kind === 'purchase' || kind === 'pay') now.set(intent, { kept: true, expiresAt: ends });
  if (kind === 'hold') now.set(intent, { kept: own?.kept ?? false, expiresAt: ends });
  if (kind === 'cancel') now.delete(intent);
  return now;
}

function expiries({ rules, clockErrorMs }: HeldSale, { at, open, held }: Step): Step[] {
  return [...held].flatMap(([intent, { kept, expiresAt }]) => {
    if (kept) return [];
    const now = new Map(held);
    now.delete(intent);
    return [
      { at: Math.max(at, expiresAt - (rules.clockSkewMs ?? 0) - clockErrorMs), open, held: now },
    ];
  });
}

const wish = ({ operations }: HeldSale, intent: string) =>
  operations.find((each) => each.intent === intent)!;

/** Intents that asked for nothing are not known to hold anything. */
function askers(sale: HeldSale, held: Held): string[] {
  return [...held.keys()].filter((intent) =>
    sale.operations.some(
      (each) => each.intent === intent && (each.kind === 'purchase' || each.kind === 'hold'),
    ),
  );
}

const tickets = (sale: HeldSale, intents: readonly string[]) =>
  intents.reduce((sum, intent) => sum + wish(sale, intent).quantity, 0);

export function fitsCapacity(held: Held, sale: HeldSale): boolean {
  return tickets(sale, askers(sale, held)) <= sale.capacity;
}

export function fitsLimit(held: Held, sale: HeldSale): boolean {
  return ['u0', 'u1'].every((buyer) => {
    const own = askers(sale, held).filter((intent) => buyerOf(intent) === buyer);
    return tickets(sale, own) <= sale.rules.buyerLimit!;
  });
}

/** A seat is known where an `ok` purchase or hold named it. */
export function fitsSeats(held: Held, sale: HeldSale): boolean {
  const seats = askers(sale, held).flatMap((intent) => {
    const named = sale.operations.find(
      (each) => each.intent === intent && each.outcome === 'ok' && each.seat !== undefined,
    );
    return named?.seat ?? [];
  });
  return new Set(seats).size === seats.length;
}
