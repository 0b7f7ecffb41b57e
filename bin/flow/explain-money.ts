import type { Certificate } from '../../lib/model/certificate.ts';
import { showCount } from '../../reports/quantity.ts';
import { visible } from '../../reports/text.ts';

const NAME_SHOWN = 80;

/** What the certificate knows of the buyer's or intent's money, a sentence a line; [] where the claim is not about any. */
export function moneyWords({ money }: Certificate): string[] {
  if (money === undefined) return [];
  const { buyer, before, after, prices, payments, counts, intents } = money;
  const whose = buyer === null ? 'a buyer whom the plan does not name' : visible(buyer, NAME_SHOWN);
  return [
    `Account of ${whose}, who came ${intents === 1 ? 'once' : `${showCount(intents)} times`}: ${accountWords(before, after)}.`,
    ...prices.map(
      ({ pool, price }) =>
        `A ticket of pool ${visible(pool, NAME_SHOWN)} costs ${showCount(price)}.`,
    ),
    ...paymentWords(payments, counts.payments),
    'Money is counted in the smallest unit of the currency.',
  ];
}

function accountWords(before: number | null, after: number | null): string {
  const told = (amount: number | null) => (amount === null ? 'not told' : showCount(amount));
  const moved = before === null || after === null ? '' : `, ${movedWords(after - before)}`;
  return `${told(before)} before, ${told(after)} in the end${moved}`;
}

function movedWords(change: number): string {
  if (change === 0) return 'so nothing moved';
  return `so ${showCount(Math.abs(change))} ${change < 0 ? 'less' : 'more'}`;
}

/** A certificate carries the payments only where they are few. */
function paymentWords(
  payments: NonNullable<Certificate['money']>['payments'],
  count: number,
): string[] {
  if (payments === null) return ['The target does not list payments.'];
  if (count === 0) return ['The target lists no payment.'];
  if (payments.length < count) return [`The target lists ${showCount(count)} payments.`];
  return payments.map(({ id, amount, status, order }) => {
    const of = order === null ? '' : ` for order ${visible(order, NAME_SHOWN)}`;
    return `Payment ${visible(id, NAME_SHOWN)}: ${showCount(amount)} ${status}${of}.`;
  });
}
