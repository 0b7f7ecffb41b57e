import type { Payment, Row } from './facts.ts';
import type { Certificate } from './read-certificate.ts';

/** What a certificate says of money that cannot be so, whatever the run is like. */
export function moneyFaults({
  about,
  money,
  operations,
  rows,
  counts,
  restsOn,
}: Certificate): string[] {
  if (money === undefined) return [];
  const faults: string[] = [];
  const paid = money.payments ?? [];
  const isShown = rows.length === counts.rows;
  const keys = paid.map((payment) => keyOf(payment, rows));
  const named = new Set([...operations, ...rows].map(({ intent }) => intent));
  for (const key of keys) if (key !== null || isShown) named.add(key);
  if (about.intent !== null) {
    if ([...named].some((key) => key !== about.intent)) faults.push('it shows money of others');
    const isOwned = money.buyer !== null && money.intents > 0;
    if (money.buyer !== null && !(isOwned && restsOn.plan.planned)) {
      faults.push('the plan has no such intent of the buyer');
    }
  } else {
    // Every buyer has one that is planned at least, where anything is.
    const fewest = Math.max(restsOn.plan.intents === 0 ? 0 : 1, named.size);
    if (money.buyer === null || named.has(null) || fewest > money.intents)
      faults.push('the plan has fewer intents of the buyer');
  }
  if (paid.length > money.counts.payments || new Set(paid.map(({ id }) => id)).size < paid.length) {
    faults.push('payments repeat, or more are shown than are counted');
  }
  return faults;
}

function keyOf({ intent, order }: Payment, rows: readonly Row[]): string | null {
  return intent ?? rows.find(({ id }) => id === order)?.intent ?? null;
}
