import type { Rules } from '../../lib/model/rules.ts';
import { showCount, showDuration } from '../../reports/quantity.ts';

/** Which of the sale's promises each claim is about. */
const about: Readonly<Record<string, readonly (keyof Rules)[]>> = {
  'buyer-limit': ['buyerLimit'],
  'duplicate-effect': ['idempotency'],
  'illegal-transition': ['moves'],
  'leaked-hold': ['holdMs', 'expiryGraceMs', 'clockSkewMs'],
  'paid-after-expiry': ['latePayment', 'holdMs', 'clockSkewMs'],
  'sale-window': ['opensAt', 'closesAt', 'clockSkewMs'],
};

/** What the sale had promised about this, a line each; times count from `startedAt`. [] where it had not. */
export function ruleWords(
  invariant: string,
  rules: Rules | undefined,
  startedAt: number | null,
): string[] {
  const keys = Object.hasOwn(about, invariant) ? about[invariant]! : [];
  if (rules === undefined) return [];
  return keys.flatMap((key) => (rules[key] === undefined ? [] : [said(key, rules, startedAt)]));
}

function said(key: keyof Rules, rules: Rules, startedAt: number | null): string {
  const moment = (time: number) =>
    startedAt === null
      ? `at ${showCount(time)} ms of Unix time`
      : `${showDuration(time - startedAt)} after the load began`;
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
