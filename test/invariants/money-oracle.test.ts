import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../lib/history/columns.ts';
import type { Evidence } from '../../lib/invariants/invariant.ts';
import { moneyConservation } from '../../lib/invariants/money-conservation.ts';
import { sagaAtomicity } from '../../lib/invariants/saga-atomicity.ts';
import { type Operation, outcomes } from '../../lib/model/operation.ts';
import type { OrderRow } from '../../lib/model/state.ts';
import { keyOf, operation, sale } from './notation.ts';
import { oracleRuns, SEED } from './oracle-runs.ts';

const RUNS = oracleRuns(1000);
const TIME_LIMIT_MS = 30_000 + RUNS * 5;
const PRICE = 10;

/** One attempt of an intent; whether it came about decides only for `info`, and for money that a faulty shop took. */
interface Attempt {
  readonly buyer: number;
  readonly intent: number;
  readonly quantity: number;
  readonly start: number;
  readonly outcome: Operation['outcome'];
  readonly happened: boolean;
}

interface Small {
  readonly attempts: readonly Attempt[];
  /** Added to what each buyer's account is, and to what each intent's payments are, by a faulty shop. */
  readonly drift: readonly number[];
  readonly listed: boolean;
}

const small: fc.Arbitrary<Small> = fc.record({
  attempts: fc.array(
    fc.record({
      buyer: fc.integer({ min: 0, max: 1 }),
      intent: fc.integer({ min: 0, max: 1 }),
      quantity: fc.integer({ min: 1, max: 2 }),
      start: fc.integer({ min: 0, max: 9 }),
      outcome: fc.constantFrom(...outcomes, 'ok' as const),
      happened: fc.boolean(),
    }),
    { maxLength: 5 },
  ),
  drift: fc.array(fc.constantFrom(0, 0, 0, PRICE, -PRICE, 5), { minLength: 4, maxLength: 4 }),
  listed: fc.boolean(),
});

const nameOf = ({ buyer, intent }: Pick<Attempt, 'buyer' | 'intent'>) =>
  keyOf(`b${2 * buyer + intent + 1}`);
const took = ({ outcome, happened }: Attempt) =>
  outcome === 'ok' || (outcome === 'info' && happened);
/** All attempts of an intent ask for what its first one asks for. */
const askedBy = (attempts: readonly Attempt[], { buyer, intent }: Attempt) =>
  attempts.find((each) => each.buyer === buyer && each.intent === intent)!.quantity;
const costOf = (attempts: readonly Attempt[], each: Attempt) => PRICE * askedBy(attempts, each);
const spentBy = ({ attempts }: Small, buyer: number) =>
  attempts
    .filter((each) => each.buyer === buyer && took(each))
    .reduce((sum, each) => sum + costOf(attempts, each), 0);
const drifted = ({ drift }: Small, buyer: number) => drift[2 * buyer]! + drift[2 * buyer + 1]!;

function evidenceFrom(it: Small): Evidence {
  const { attempts, listed } = it;
  const base = sale(
    'A 99; price A 10; buyer u0 100: b1, b2; buyer u1 100: b3, b4; planned b1; planned b2; planned b3; planned b4; F:',
  );
  const payments = [0, 1, 2, 3].flatMap((each) => {
    const [buyer, intent] = [each >> 1, each % 2];
    const own = attempts.filter((one) => one.buyer === buyer && one.intent === intent && took(one));
    const amount = own.reduce((sum, one) => sum + costOf(attempts, one), 0) + it.drift[each]!;
    const status = amount < 0 ? ('refunded' as const) : ('charged' as const);
    const key = keyOf(`b${each + 1}`);
    return [{ id: `p${each}`, order: null, intent: key, amount: Math.abs(amount), status }];
  });
  const rows: OrderRow[] = attempts.filter(took).map((each, i) => ({
    id: `row-${i}`,
    pool: 'A',
    quantity: askedBy(attempts, each),
    status: 'live',
    intent: nameOf(each),
    buyer: `u${each.buyer}`,
  }));
  return {
    ...base,
    history: historyOf(
      attempts.map((each) =>
        operation({
          intent: nameOf(each),
          pool: 'A',
          quantity: askedBy(attempts, each),
          start: each.start,
          end: each.start + 3,
          outcome: each.outcome,
        }),
      ),
    ),
    state: {
      ...base.state!,
      orders: rows,
      accounts: [0, 1].map((buyer) => ({
        buyer: `u${buyer}`,
        credit: 100 - spentBy(it, buyer) - drifted(it, buyer),
      })),
      ...(listed ? { payments } : {}),
    },
  };
}

/** Every choice of what came about, tried: one of them takes just what each account, and each intent's payments, say. */
function canBeRight(it: Small): boolean {
  const { attempts } = it;
  const open = attempts.filter(({ outcome }) => outcome === 'info' || outcome === 'ok');
  for (let choice = 0; choice < 1 << open.length; choice++) {
    const chosen = open.filter((_, i) => (choice & (1 << i)) !== 0);
    // An acknowledged intent took its money at least once; whether each attempt did is not this claim's business.
    const isServed = open.every(
      (each) => each.outcome === 'info' || chosen.some((one) => nameOf(one) === nameOf(each)),
    );
    if (isServed && fits(it, chosen)) return true;
  }
  return false;
}

function fits(it: Small, chosen: readonly Attempt[]): boolean {
  const { attempts, listed, drift } = it;
  return [0, 1, 2, 3].every((each) => {
    const key = keyOf(`b${each + 1}`);
    const buyer = each >> 1;
    const sum = (ones: readonly Attempt[]) =>
      ones.reduce((total, one) => total + costOf(attempts, one), 0);
    const credit = 100 - spentBy(it, buyer) - drifted(it, buyer);
    if (credit < 0) return false;
    const ofBuyer = sum(chosen.filter((one) => one.buyer === buyer));
    if (ofBuyer !== spentBy(it, buyer) + drifted(it, buyer)) return false;
    const own = sum(attempts.filter((one) => nameOf(one) === key && took(one))) + drift[each]!;
    return !listed || sum(chosen.filter((one) => nameOf(one) === key)) === own;
  });
}

const valueOfMoney = (it: Small) => moneyConservation.decide(evidenceFrom(it)).value;

describe(`money-conservation against every choice of what came about, seed ${SEED}`, () => {
  it(
    'is violated if and only if none is right',
    () => {
      let wrong = 0;
      fc.assert(
        fc.property(small, (it) => {
          const isRight = canBeRight(it);
          if (!isRight) wrong++;
          expect(valueOfMoney(it) === 'violated').toBe(!isRight);
        }),
        { numRuns: RUNS, seed: SEED },
      );
      expect(wrong).toBeGreaterThan(RUNS / 20);
    },
    TIME_LIMIT_MS,
  );

  it(
    'is not violated by what makes the evidence weaker',
    () => {
      fc.assert(
        fc.property(small, fc.nat(), (it, at) => {
          if (it.attempts.length === 0 || valueOfMoney(it) === 'violated') return;
          const attempts = it.attempts.map((each, i) =>
            i === at % it.attempts.length && each.outcome === 'ok'
              ? { ...each, outcome: 'info' as const, happened: true }
              : each,
          );
          expect(valueOfMoney({ ...it, attempts })).not.toBe('violated');
          const evidence = { ...evidenceFrom(it), historyComplete: false, clockErrorMs: 5 };
          expect(moneyConservation.decide(evidence).value).not.toBe('violated');
        }),
        { numRuns: oracleRuns(500), seed: SEED },
      );
    },
    TIME_LIMIT_MS,
  );
});

describe(`saga-atomicity, seed ${SEED}`, () => {
  it(
    'accuses no shop whose money and rows agree, and none that does otherwise holds',
    () => {
      fc.assert(
        fc.property(small, (drawn) => {
          const it = { ...drawn, listed: true };
          const { value } = sagaAtomicity.decide(evidenceFrom(it));
          const torn = [0, 1, 2, 3].some((each) => {
            const own = it.attempts.filter((one) => nameOf(one) === keyOf(`b${each + 1}`));
            const paid = own.some(took);
            const taken = own.filter(took).reduce((sum, one) => sum + costOf(it.attempts, one), 0);
            const net = taken + it.drift[each]!;
            return own.length > 0 && (net < 0 || net > 0 !== paid);
          });
          expect(value === 'violated').toBe(torn);
        }),
        { numRuns: oracleRuns(1000), seed: SEED },
      );
    },
    TIME_LIMIT_MS,
  );
});
