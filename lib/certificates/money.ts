import { membersOf } from '../history/grouping.ts';
import { ledgerOf } from '../invariants/ledger.ts';
import type { CertifiedMoney } from '../model/certificate.ts';
import { allOrNone, type Case, SHOWN_MAX } from './proof.ts';

/** Whose money it is: an intent's, by number, or a buyer's, by number; −1 for the one it is not, or nobody knows. */
export interface Subject {
  readonly intent: number;
  readonly buyer: number;
}

/** The operations and rows of all intents of the subject, by number. */
export function partsOf({ evidence, sale }: Case, { intent, buyer }: Subject) {
  const intents =
    intent === -1 ? [...membersOf(ledgerOf(evidence).intentsOfBuyer, buyer)] : [intent];
  const keys = new Set(keysOf(evidence, { intent, buyer }));
  return {
    operations: intents.flatMap((each) => [...membersOf(sale.operationsByIntent, each)]),
    rows: [...sale.rows.keys()].filter((row) => keys.has(sale.rows[row]!.intent ?? '')),
    keys,
  };
}

/** All that the plan has for the buyer, sent or not. */
function keysOf({ history, fixture, intents }: Case['evidence'], { intent, buyer }: Subject) {
  if (intent !== -1) return [history.intentKeys[intent]!];
  const id = fixture.buyers[buyer] === undefined ? null : buyerId({ fixture }, buyer);
  return intents.intents.flatMap(({ key }, i) => (fixture.buyers[i]?.id === id ? [key] : []));
}

/** Buyers are numbered by their first mention. */
function buyerId({ fixture }: Pick<Case['evidence'], 'fixture'>, buyer: number): string {
  return [...new Set(fixture.buyers.map(({ id }) => id))][buyer]!;
}

export function certifiedMoney(of: Case, subject: Subject): CertifiedMoney {
  const { evidence, sale } = of;
  const ledger = ledgerOf(evidence);
  const buyer = subject.intent === -1 ? subject.buyer : ledger.buyerOfIntent[subject.intent]!;
  const { operations, rows, keys } = partsOf(of, subject);
  const pools = new Set([
    ...operations.map((i) => evidence.history.poolIds[evidence.history.pool[i]!]!),
    ...rows.map((row) => sale.rows[row]!.pool),
  ]);
  const told = (credit = Number.NaN) => (Number.isNaN(credit) ? null : credit);
  const own = [...ledger.paymentKey.keys()].filter((i) => keys.has(ledger.paymentKey[i] ?? ''));
  return {
    buyer: buyer === -1 ? null : ledger.buyers[buyer]!,
    before: told(ledger.before[buyer]),
    after: told(ledger.after[buyer]),
    intents: ledger.planned[buyer] ?? 0,
    prices: [...pools]
      .sort()
      .slice(0, SHOWN_MAX)
      .flatMap((id) => {
        const price = sale.pools.find((pool) => pool.id === id)?.price;
        return price === undefined ? [] : [{ pool: id, price }];
      }),
    paysInSteps: ledger.paysInSteps,
    payments: ledger.payments && allOrNone(own).map((i) => ledger.payments![i]!),
    counts: {
      payments: own.length,
      namelessPayments: ledger.namelessPayments,
      ownerlessPayments: ledger.ownerless.payments,
      ownerlessOperations: ledger.ownerless.operations,
      namelessRows: sale.rows.reduce((n, { intent }) => n + (intent === null ? 1 : 0), 0),
    },
  };
}
