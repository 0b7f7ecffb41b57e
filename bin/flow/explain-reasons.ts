import { NO_ORDER_MS } from '../../lib/invariants/clocks.ts';
import type { Certificate } from '../../lib/model/certificate.ts';

/** For each invariant: which innocent explanations there could be, and what rules them out. */
const ruledOut: Readonly<Record<string, string>> = {
  'oversell-final':
    'Repeated answers to one buyer count once, and whoever may have given tickets back does not count. What is left is ' +
    'still more than there are.',
  'oversell-instant':
    'A purchase is counted only from the moment its buyer was told yes, and not at all if it may have been given back; ' +
    'no order of events makes the sum smaller.',
  'double-allocation':
    'A hold counts only until it may have expired or been given back, and a held row whose time is over not at all; the ' +
    'seat had two owners all the same.',
  'buyer-limit':
    'Holds count only until they may have expired or been given back, and tickets from before the run not at all; it is ' +
    'still more than one buyer may have.',
  'leaked-hold':
    'Nothing was or may have been paid or bought, and the expiry, the grace and the skew of clocks were over.',
  'paid-after-expiry':
    'It began after the latest expiry that anything tells, by more than clocks may differ, and no earlier payment of the ' +
    'same buyer may have come in time.',
  'illegal-transition':
    'The first look was over before the second began, and no number of allowed moves leads from the one to the other.',
  'sale-window':
    'By more than clocks may differ it was outside the time of sale, and no earlier request of the same buyer may have ' +
    'been served within it.',
  'lost-purchase':
    'The buyer was told yes. A cancelled order would have left a row, for the shop keeps those; there is none.',
  'phantom-order':
    'Every request of the run is in the history or the plan, and none of them asked for this row.',
  'refused-but-sold':
    'Every attempt of this buyer was answered with a no or certainly failed; not one may have succeeded unseen.',
  'partial-purchase':
    'Cancelled tickets of the buyer have been added, and still it is fewer than were asked for in one purchase.',
  'duplicate-effect':
    'All attempts belong to one purchase with one key, and its live tickets are more than it asked for.',
  'stock-conservation':
    'Strangers, cancellations and orders from before the run have been allowed for; the sums still differ.',
  'money-conservation':
    'Every choice of what became of requests without a reply has been tried, and a refund of what may have been cancelled ' +
    'is allowed for; none of them moves as much money as did move.',
  'saga-atomicity':
    'Money and order are those of one sale, in a state that had settled: nothing was on its way any more that could ' +
    'have brought the other half or taken this one back.',
  'stale-availability':
    'Each answer was true at some moment between its request and its reply, or it was wrong; what certainly was sold ' +
    'and what may have come back between the two leaves no moment at which both were true.',
  'non-monotonic-availability':
    'The first read was over before the second began, and all that may have been given back or expired in between has ' +
    'been counted as come back; the rise is greater.',
  'read-your-writes':
    'The buyer had the answer before he asked again, so the read came after; whatever others may have given back in ' +
    'between has been allowed for.',
  'false-sold-out':
    'Whoever may have held a ticket at any moment of the refusal has been counted as holding it: purchases without a ' +
    'reply, refused ones on their way, rows nobody can place. Enough were left all the same.',
};

/** The same where rows name no intent, so that many purchases are held against many rows. */
const ruledOutWithoutKeys: Readonly<Record<string, string>> = {
  'lost-purchase':
    'No row names the purchase it belongs to, so every way to give them out was allowed for: an order belongs to one ' +
    'purchase at most, whatever its quantity, and cancelled ones count, too. There are more purchases than rows.',
  'phantom-order':
    'No row names the purchase it belongs to, so every way to give them out was allowed for: a request that was refused or ' +
    'cut off may have made a row, too, and a late one. There are more tickets than were asked for; one may be a second ' +
    'order of somebody who asked once.',
  'refused-but-sold':
    'No row names the purchase it belongs to, so every way to give them out was allowed for. What is above all that was ' +
    'bought, or may have been, only refused requests asked for. It may as well be a second order of somebody who bought ' +
    'once; that is wrong, too.',
};

/** Claims about what is read on the way, which need no final state. */
const aboutReads: readonly string[] = [
  'stale-availability',
  'non-monotonic-availability',
  'read-your-writes',
];

/** What a *holds* had to be shown with. */
export function restsOn(invariant: string): string {
  return aboutReads.includes(invariant)
    ? 'Reads were made while tickets were sold, and every request is in the history; else this would be unknown.'
    : 'Tickets were sold while buyers overlapped, every request is in the history, and the final state was read ' +
        'completely and twice the same; else this would be unknown.';
}

/** Why a violation is one, and what the proof rests on. */
export function whyNothingElse(invariant: string, certificate: Certificate | null): string[] {
  const words = isWithoutKeys(certificate) ? { ...ruledOut, ...ruledOutWithoutKeys } : ruledOut;
  const reason = Object.hasOwn(words, invariant) ? [words[invariant]!] : [];
  if (certificate === null) {
    return [
      ...reason,
      'There is no certificate in the run’s folder; judge the run again to get one.',
    ];
  }
  const { history, state } = certificate.restsOn;
  const facts = [
    history.complete
      ? 'every request is in the history'
      : 'the history may lack requests, which does not matter here',
    ...(state === null
      ? ['the target was never read back, which does not matter here']
      : [
          state.settled ? 'the final state had settled' : null,
          state.complete ? 'it was read completely' : null,
          state.exhaustive ? 'it lists the orders of everybody' : null,
          state.keepsCancelled ? 'it keeps cancelled orders' : null,
        ]),
    certificate.clockErrorMs === NO_ORDER_MS
      ? 'clocks contradict each other, so no order of events counts'
      : `clocks are trusted to ${certificate.clockErrorMs} ms`,
  ].filter((fact) => fact !== null);
  return [...reason, `It rests on this: ${facts.join('; ')}.`];
}

function isWithoutKeys(certificate: Certificate | null): boolean {
  return (
    certificate !== null &&
    certificate.about.intent === null &&
    certificate.restsOn.state?.namelessRows !== undefined
  );
}
