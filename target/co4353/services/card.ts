import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the card company says when it does not pay; nobody in the shop catches it. */
export class CardRefused extends Error {}

const REFUSALS: Readonly<Record<string, string>> = {
  tok_chargeDeclined: 'Your card was declined.',
  tok_chargeDeclinedInsufficientFunds: 'Your card has insufficient funds.',
  tok_chargeDeclinedExpiredCard: 'Your card has expired.',
  tok_chargeDeclinedIncorrectCvc: "Your card's security code is incorrect.",
};
const ANSWER_MS = 10;

/** Stands for the card company: takes the money of one good card and returns the charge's id. @throws CardRefused */
export async function charge(token: string): Promise<string> {
  await sleep(ANSWER_MS);
  if (token !== 'tok_visa') throw new CardRefused(REFUSALS[token] ?? `No such token: '${token}'`);
  return `ch_${randomBytes(12).toString('hex')}`;
}
