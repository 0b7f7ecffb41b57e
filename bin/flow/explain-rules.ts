import type { Rules } from '../../lib/model/rules.ts';
import { showCount, showDate, showDuration } from '../../reports/quantity.ts';
import type { Mark } from '../../reports/timeline/lanes.ts';

/** Which of the sale's promises each claim is about. */
const about: Readonly<Record<string, readonly (keyof Rules)[]>> = {
  'buyer-limit': ['buyerLimit'],
  'duplicate-effect': ['idempotency'],
  'illegal-transition': ['moves'],
  'leaked-hold': ['holdMs', 'expiryGraceMs', 'clockSkewMs'],
  'paid-after-expiry': ['latePayment', 'holdMs', 'clockSkewMs'],
  'sale-window': ['opensAt', 'closesAt', 'clockSkewMs'],
};

/** Whether what the sale promises is told with this claim. */
export const isAboutRules = (invariant: string): boolean => Object.hasOwn(about, invariant);

/** From when on times are told, Unix epoch ms: when the load began or, where that is not known, the first operation shown. */
export interface Origin {
  readonly at: number;
  readonly is: 'the load began' | 'the first operation';
}

/** What the sale had promised about this, a line each; without an origin times are dates. [] where it had not. */
export function ruleWords(
  invariant: string,
  rules: Rules | undefined,
  origin: Origin | null,
): string[] {
  if (rules === undefined || !isAboutRules(invariant)) return [];
  return about[invariant]!.flatMap((key) =>
    rules[key] === undefined ? [] : [said(key, rules, origin)],
  );
}

/** The moments that a claim is about, for its drawing; [] for all others, and where nothing was promised. */
export function ruleMarks(invariant: string, rules: Rules | undefined): Mark[] {
  if (invariant !== 'sale-window') return [];
  const { opensAt, closesAt } = rules ?? {};
  return [
    ...(opensAt === undefined ? [] : [{ name: 'the sale opens', at: opensAt }]),
    ...(closesAt === undefined ? [] : [{ name: 'the sale closes', at: closesAt }]),
  ];
}

function momentWords(time: number, origin: Origin | null): string {
  if (origin === null) return `at ${showDate(time)}`;
  const sinceMs = time - origin.at;
  return `${showDuration(Math.abs(sinceMs))} ${sinceMs < 0 ? 'before' : 'after'} ${origin.is}`;
}

function said(key: keyof Rules, rules: Rules, origin: Origin | null): string {
  const moment = (time: number) => momentWords(time, origin);
  const words: Record<keyof Rules, () => string> = {
    buyerLimit: () => `One buyer may have at most ${showCount(rules.buyerLimit!)} tickets.`,
    opensAt: () => `The sale opens ${moment(rules.opensAt!)}.`,
    closesAt: () => `The sale closes ${moment(rules.closesAt!)}.`,
    clockSkewMs: () => `Clocks may differ by ${showDuration(rules.clockSkewMs!)}.`,
    holdMs: () => `A hold lasts ${showDuration(rules.holdMs!)}.`,
    expiryGraceMs: () =>
      `An expired hold may keep its tickets for another ${showDuration(rules.expiryGraceMs!)}.`,
    latePayment: () => `Payments for an expired hold: ${rules.latePayment}.`,
    idempotency: () => `A second request with the same key: ${rules.idempotency}.`,
    moves: () =>
      `An order may move ${Object.entries(rules.moves!)
        .map(([from, to]) => `from ${from} to ${to.join(' or ') || 'nothing'}`)
        .join(', ')}.`,
    atomic: () => 'A sale takes stock, money and state together, or none of them.',
  };
  return words[key]();
}
