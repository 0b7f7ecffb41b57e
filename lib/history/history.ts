import type { Operation, OperationKind, OrderState, Outcome } from '../model/operation.ts';
import { operationKinds, orderStates, outcomes } from '../model/operation.ts';
import type { Details } from './details.ts';
import { detailsAt } from './details.ts';
import type { TextTable } from './text-table.ts';

/**
 * A history in columns: operation i is the i-th entry of each. A million operations take some 50 MB this way, as
 * objects some 300 MB, and every check is a loop over plain numbers. Operations are in order of start, then of end,
 * then of intent, so a history reads the same however its lines were interleaved.
 */
export interface History {
  readonly length: number;
  readonly session: Int32Array;
  /** Index into `intentKeys`. */
  readonly intent: Int32Array;
  readonly intentKeys: readonly string[];
  /** Finds an intent by its key. */
  readonly intents: Pick<TextTable, 'find'>;
  /** Index into `operationKinds`. */
  readonly kind: Uint8Array;
  /** Index into `poolIds`. */
  readonly pool: Int32Array;
  readonly poolIds: readonly string[];
  readonly quantity: Int32Array;
  /** Unix epoch milliseconds. */
  readonly start: Float64Array;
  /** When the client stopped waiting, also for `info`. */
  readonly end: Float64Array;
  /** Index into `outcomes`. */
  readonly outcome: Uint8Array;
  readonly status: Uint16Array;
  /** Index into `reasons`. */
  readonly reason: Int32Array;
  readonly reasons: readonly string[];
  /** Index into `replies`. */
  readonly reply: Int32Array;
  readonly replies: readonly string[];
  /** What only some operations have: orders, seats, values, money. Null where none has any, as in a plain burst. */
  readonly details: Details | null;
}

export const OK = outcomes.indexOf('ok');
export const REFUSED = outcomes.indexOf('refused');
export const FAIL = outcomes.indexOf('fail');
export const INFO = outcomes.indexOf('info');
export const PURCHASE = operationKinds.indexOf('purchase');
export const HOLD = operationKinds.indexOf('hold');
export const PAY = operationKinds.indexOf('pay');
export const CANCEL = operationKinds.indexOf('cancel');
export const AVAILABILITY = operationKinds.indexOf('availability');
export const STATUS = operationKinds.indexOf('status');
export const VIEW = operationKinds.indexOf('view');
/** Index into `orderStates` of each. */
export const ORDER_STATE = Object.fromEntries(
  orderStates.map((state, i) => [state, i]),
) as Readonly<Record<OrderState, number>>;

/** Whether operation i asks for tickets: a purchase or a hold. */
export function isAcquire({ kind }: Pick<History, 'kind'>, i: number): boolean {
  return kind[i] === PURCHASE || kind[i] === HOLD;
}

/** Operation i as an object; i in [0, length). */
export function operationAt(history: History, i: number): Operation {
  return {
    session: history.session[i]!,
    intent: history.intentKeys[history.intent[i]!]!,
    kind: operationKinds[history.kind[i]!] as OperationKind,
    pool: history.poolIds[history.pool[i]!]!,
    quantity: history.quantity[i]!,
    start: history.start[i]!,
    end: history.end[i]!,
    outcome: outcomes[history.outcome[i]!] as Outcome,
    status: history.status[i]!,
    reason: history.reasons[history.reason[i]!]!,
    reply: history.replies[history.reply[i]!]!,
    ...(history.details === null ? {} : detailsAt(history.details, i)),
  };
}
