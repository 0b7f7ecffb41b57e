import { invariants } from '../lib/invariants/registry.ts';
import { type Row, rush, unplanted } from './row.ts';

/** What says nothing about a burst at PrimePass: it has no seats, holds, accounts, limits or opening, and nobody reads. */
const besidePrimepass = [
  ...['double-allocation', 'money-conservation', 'stale-availability', 'buyer-limit'],
  ...['non-monotonic-availability', 'read-your-writes', 'leaked-hold', 'paid-after-expiry'],
  ...['illegal-transition', 'saga-atomicity', 'sale-window'],
];

const primepass = { ...unplanted, api: 'primepass', beside: besidePrimepass } as const;

const planted = (flaw: string) => ({ ...primepass, name: flaw, flaw });

/** Shops that speak PrimePass: a burst and nothing else. */
export const primepassRows: readonly Row[] = [
  {
    ...primepass,
    name: 'control',
    loads: [
      { ...rush, buyers: 500, pools: 2, zipf: 1, quantities: '1:6,2:3,4:1' },
      { ...rush, arrivals: 'constant', buyers: 800, capacity: 150, quantities: '1:2,3:1' },
      { ...rush, buyers: 900, capacity: 30, pools: 5, zipf: 1.5, crowd: 0.5, duration: '2s' },
      { ...rush, buyers: 1200, capacity: 100, pools: 3, crowd: 1, quantities: '1:1,4:1' },
    ],
    because: 'A correct shop, sold out under a rush for mixed quantities.',
  },
  {
    ...primepass,
    name: 'control-impatient',
    loads: [
      {
        ...rush,
        buyers: 1200,
        capacity: 400,
        quantities: '1:4,2:1',
        crowd: 0.7,
        duration: '3s',
        timeout: '250ms',
      },
      { ...rush, buyers: 900, capacity: 50, pools: 4, quantities: '1:1,3:1', timeout: '100ms' },
    ],
    silent: invariants.map(({ id }) => id).filter((id) => !besidePrimepass.includes(id)),
    trace: { of: 'info', above: 0 },
    because:
      'A correct shop whose buyers leave before they are answered. The final state tells what became of their ' +
      'purchases, but where too few are answered nothing is shown to hold.',
  },
  {
    ...planted('check-then-act'),
    loads: [rush],
    violated: ['oversell-final', 'oversell-instant'],
    because:
      'Whoever waits for the lock has been told that there are tickets. The counter goes below zero with the rows, so ' +
      'the stock still adds up.',
  },
  {
    ...planted('ack-before-commit'),
    loads: [{ ...rush, buyers: 600, capacity: 60, pools: 3 }],
    violated: ['oversell-final', 'oversell-instant', 'lost-purchase', 'stock-conservation'],
    silent: ['false-sold-out'],
    because:
      'Each of two processes promises all that is left. A batch is lost only where more was promised than there is, ' +
      'and a promise counts as sold. Whether the lost tickets are sold again before the last refusal is up to timing.',
  },
  {
    ...planted('partial-fulfilment'),
    loads: [{ ...rush, buyers: 300, pools: 2, quantities: '3:1' }],
    violated: ['oversell-final', 'oversell-instant', 'partial-purchase', 'stock-conservation'],
    because:
      '100 tickets in threes leave one, so even without a race somebody gets one of three; three were acknowledged.',
  },
  {
    ...planted('lost-update'),
    loads: [{ ...rush, buyers: 500, capacity: 200 }],
    violated: ['stock-conservation'],
    because:
      'The sale counts orders and is right; only the counter that everybody reads forgets some.',
  },
  {
    ...planted('error-after-commit'),
    loads: [{ ...rush, capacity: 40, pools: 4 }],
    violated: ['refused-but-sold', 'stock-conservation'],
    unknown: ['false-sold-out'],
    because:
      'The buyer of the last ticket of each pool looks again, sees none and is refused: more rows than can have been ' +
      'bought. Tickets of refused buyers neither excuse nor accuse other refusals.',
  },
  {
    ...planted('double-booking'),
    loads: [{ ...rush, buyers: 900, capacity: 500 }],
    violated: ['duplicate-effect', 'stock-conservation'],
    unknown: ['false-sold-out'],
    because:
      'In the queue for one row purchases take longer than the 50 ms after which they are repeated. The second ' +
      'tickets belong to no acknowledgement, so nobody knows since when they were gone.',
  },
  {
    ...planted('phantom-order'),
    // The first phantom is booked 150 ms after T₀ at the latest; a fast machine must not be sold out by then.
    loads: [{ ...rush, buyers: 1300, capacity: 1000 }],
    violated: ['phantom-order'],
    unknown: ['false-sold-out'],
    because:
      'Purchases that wait are booked once more, for an account that asked for nothing, in a shop where nobody else ' +
      'buys. Stock and rows agree; since when the phantoms’ tickets were gone nobody knows.',
  },
  {
    ...planted('sticky-sold-out'),
    loads: [
      {
        ...rush,
        buyers: 300,
        capacity: 400,
        quantities: '1:40,600:1',
        crowd: 0.3,
        duration: '2s',
      },
    ],
    violated: ['false-sold-out'],
    unknown: ['oversell-final', 'oversell-instant'],
    because:
      'A crowd buys at once, so purchases overlap on a machine however fast. Requests for 600 of 400 never fit, and after ' +
      'the first of them a process sells no more. Nothing sells out, so the limit was not put to the test.',
  },
  {
    ...planted('false-5xx'),
    loads: [{ ...rush, buyers: 900, capacity: 500, timeout: '4s' }],
    trace: { of: 'info', above: 0 },
    because:
      'An error that says nothing is no lie: each of these purchases may have happened, and the final state shows ' +
      'which did. It is for the error ratio to complain.',
  },
  {
    ...planted('slow-tail'),
    loads: [{ ...rush, buyers: 600, capacity: 500 }],
    trace: { of: 'latencyMsP99', above: 1500 },
    because: 'Slow, and right in everything. It is for a latency objective to complain.',
  },
  {
    ...planted('error-bursts'),
    loads: [{ ...rush, buyers: 1500, timeout: '4s' }],
    trace: { of: 'info', above: 0 },
    because: 'Many are turned away with 503, and none of them owns a ticket.',
  },
];
