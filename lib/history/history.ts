import type { Operation, OperationKind, Outcome } from '../model/operation.ts';
import { operationKinds, outcomes } from '../model/operation.ts';
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
}

export const OK = outcomes.indexOf('ok');
export const REFUSED = outcomes.indexOf('refused');
export const FAIL = outcomes.indexOf('fail');
export const INFO = outcomes.indexOf('info');
export const PURCHASE = operationKinds.indexOf('purchase');

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
  };
}
