import { ledgerOf } from '../../invariants/ledger.ts';
import { firstWrongMoney } from '../../invariants/money-conservation.ts';
import { certifiedMoney, partsOf, type Subject } from '../money.ts';
import { allOrNone, type Case, intentOf, type Proof } from '../proof.ts';

/*
 * Proofs about money show every operation and every row of one buyer, or of one intent, where they are few; for what can
 * have been taken must not depend on one that was left out. They count these, and the tickets in live rows.
 */
function proofOf(of: Case, subject: Subject): Proof {
  const { sale, evidence } = of;
  const { operations, rows } = partsOf(of, subject);
  const pool = subject.intent === -1 ? -1 : sale.wants.pool[subject.intent]!;
  const live = rows.filter((row) => sale.rows[row]!.status === 'live');
  return {
    key: subject.intent === -1 ? null : evidence.history.intentKeys[subject.intent]!,
    pool: pool < 0 ? null : pool,
    asked: pool < 0 ? null : sale.wants.quantity[subject.intent]!,
    operations: allOrNone(operations),
    rows: allOrNone(rows),
    counts: {
      operations: operations.length,
      rows: rows.length,
      tickets: live.reduce((sum, row) => sum + sale.rows[row]!.quantity, 0),
    },
    money: certifiedMoney(of, subject),
  };
}

/** The account of a buyer, or the payments of an intent. */
export function proveMoneyConservation(of: Case): Proof {
  const wrong = firstWrongMoney(of.evidence);
  if (wrong !== null) {
    const proof = proofOf(of, wrong);
    // An account that is below zero, or is not what its payments say, needs nothing beside it.
    return ['below-zero', 'books'].includes(wrong.how)
      ? { ...proof, operations: [], rows: [] }
      : proof;
  }
  const intent = intentOf(of);
  const buyer = ledgerOf(of.evidence).buyerOfIntent[intent]!;
  return proofOf(of, buyer === -1 ? { intent, buyer } : { intent: -1, buyer });
}

/** One intent: what was asked, what was taken, and where the order stands. */
export function proveByMoney(of: Case): Proof {
  return proofOf(of, { intent: intentOf(of), buyer: -1 });
}
