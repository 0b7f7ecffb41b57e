import type { Finding } from '../model/finding.ts';
import { buyerLimit } from './buyer-limit.ts';
import { answeredFor, doubted, unsaidOf } from './clocks.ts';
import { doubleAllocation } from './double-allocation.ts';
import { duplicateEffect } from './duplicate-effect.ts';
import { falseSoldOut } from './false-sold-out.ts';
import { illegalTransition } from './illegal-transition.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { leakedHold } from './leaked-hold.ts';
import { lostPurchase } from './lost-purchase.ts';
import { moneyConservation } from './money-conservation.ts';
import { nonMonotonicAvailability } from './non-monotonic-availability.ts';
import { oversellFinal } from './oversell-final.ts';
import { oversellInstant } from './oversell-instant.ts';
import { paidAfterExpiry } from './paid-after-expiry.ts';
import { partialPurchase } from './partial-purchase.ts';
import { phantomOrder } from './phantom-order.ts';
import { readYourWrites } from './read-your-writes.ts';
import { refusedButSold } from './refused-but-sold.ts';
import { sagaAtomicity } from './saga-atomicity.ts';
import { saleWindow } from './sale-window.ts';
import { staleAvailability } from './stale-availability.ts';
import { stockConservation } from './stock-conservation.ts';
import { unreadSaid } from './unread.ts';

/** Every invariant, in the order reports show them. A new one is a new file and a line here. */
export const invariants: readonly Invariant[] = [
  oversellFinal,
  oversellInstant,
  doubleAllocation,
  lostPurchase,
  phantomOrder,
  refusedButSold,
  partialPurchase,
  duplicateEffect,
  stockConservation,
  moneyConservation,
  falseSoldOut,
  staleAvailability,
  nonMonotonicAvailability,
  readYourWrites,
  buyerLimit,
  leakedHold,
  paidAfterExpiry,
  illegalTransition,
  sagaAtomicity,
  saleWindow,
];

/** A claim that says nothing about this sale, and why. */
export interface Beside {
  readonly invariant: string;
  readonly because: string;
}

/** The last answer for an evidence: who judges it asks, and who tells of it. */
const answers = new WeakMap<Evidence, { registry: readonly Invariant[]; beside: Beside[] }>();

/** The claims of the registry that say nothing about this sale: nobody has to show them, and nobody did. */
export function notJudged(
  evidence: Evidence,
  registry: readonly Invariant[] = invariants,
): Beside[] {
  const last = answers.get(evidence);
  if (last?.registry === registry) return last.beside;
  const beside = registry.flatMap(({ id, isBeside }) => {
    const because = isBeside?.(evidence) ?? null;
    return because === null ? [] : [{ invariant: id, because }];
  });
  answers.set(evidence, { registry, beside });
  return beside;
}

/**
 * One finding an invariant that says something about this sale, in the registry's order; with `only`, of those alone, and one *unknown* for each id that
 * the registry does not have or that says nothing about this sale. A check that throws is *unknown* too: it has said nothing about the shop.
 */
export function decideAll(
  evidence: Evidence,
  only?: readonly string[],
  registry: readonly Invariant[] = invariants,
): Finding[] {
  const beside = new Map(notJudged(evidence, registry).map((one) => [one.invariant, one.because]));
  const chosen = registry.filter(({ id }) =>
    only === undefined ? !beside.has(id) : only.includes(id),
  );
  const unsaid = unsaidOf(evidence);
  const decide = (invariant: Invariant): Finding =>
    answeredFor(decideSafely(invariant, evidence), unsaid, (each) => decideSafely(invariant, each));
  const known = new Set(registry.map(({ id }) => id));
  const unheardOf = [...new Set(only)].filter((id) => !known.has(id));
  return [
    ...chosen.map((invariant) => {
      const because = beside.get(invariant.id);
      return because === undefined
        ? unreadSaid(doubted(decide(invariant), evidence), evidence)
        : undecided(invariant.id, 'The claim says nothing about this sale.', because);
    }),
    ...unheardOf.map((id) =>
      undecided(id, 'There is no such invariant.', `Name one of: ${[...known].join(', ')}.`),
    ),
  ];
}

function decideSafely(invariant: Invariant, evidence: Evidence): Finding {
  try {
    return invariant.decide(evidence);
  } catch (cause) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return undecided(
      invariant.id,
      'The check itself broke down.',
      `A check that works: this one failed with ${text}`,
    );
  }
}

function undecided(invariant: string, summary: string, missing: string): Finding {
  return { invariant, value: 'unknown', summary, missing: [missing.slice(0, 300)], witness: null };
}
