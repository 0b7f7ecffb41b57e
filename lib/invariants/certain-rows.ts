import { shopDoubtMs } from '../history/nameless-rows.ts';
import type { Evidence } from './invariant.ts';
import type { Sale } from './sale.ts';

/**
 * Whether the row certainly holds its tickets at the read-back. A live row does, but for a hold whose time was over by
 * then: some shops leave it until somebody wants its tickets.
 */
export function isCertainlyLive(evidence: Evidence, sale: Sale, row: number): boolean {
  const { status, state: stands, expiresAt } = sale.rows[row]!;
  if (status !== 'live') return false;
  if (stands !== 'held' || expiresAt === undefined) return true;
  // The row is one of the state.
  return expiresAt - shopDoubtMs(evidence) > evidence.state!.readAt;
}
