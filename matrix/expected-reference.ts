import { type Row, rush, unplanted } from './row.ts';

/*
 * Shops that speak the box office's own language: holds, seats, payments, limits, keys, a sale window, and reads. Money
 * plays a part in all of them.
 */

const reads = ['stale-availability', 'non-monotonic-availability', 'read-your-writes'];
const holds = ['leaked-hold', 'paid-after-expiry'];

/** What says nothing about a burst that only buys. */
const besideBurst = [...['double-allocation', 'buyer-limit', 'sale-window'], ...reads, ...holds];
const without = (...applies: readonly string[]) =>
  besideBurst.filter((id) => !applies.includes(id));

const reference = { ...unplanted, api: 'reference' } as const;

const burst = { ...reference, beside: besideBurst, loads: [rush] } as const;

const browsing = {
  ...reference,
  beside: without(...reads),
  loads: [
    {
      ...rush,
      scenario: 'browse-and-buy',
      buyers: 300,
      more: ['--stories', 'buy:3,leave:1', '--think', '10ms-200ms'],
    },
  ],
} as const;

const holding = {
  ...reference,
  beside: without(...reads, ...holds),
  loads: [
    {
      ...rush,
      scenario: 'hold-and-pay',
      buyers: 400,
      capacity: 50,
      crowd: 0.3,
      duration: '7s',
      more: [
        ...['--option', 'hold=2', '--think', '50ms-400ms'],
        ...['--stories', 'in-time:6,late:2,never:2,cancel:2'],
      ],
    },
  ],
} as const;

const seated = {
  ...reference,
  beside: without('double-allocation'),
  loads: [{ ...rush, capacity: 60, more: ['--seats'] }],
} as const;

const limited = {
  ...reference,
  beside: without('buyer-limit'),
  loads: [{ ...rush, more: ['--option', 'limit=2', '--intents-per-buyer', '5'] }],
} as const;

const retrying = {
  ...reference,
  beside: besideBurst,
  loads: [
    {
      ...rush,
      scenario: 'retry-storm',
      buyers: 200,
      crowd: 0.5,
      duration: '3s',
      more: ['--attempts', '3', '--stories', 'patient:1,twice:3'],
    },
  ],
} as const;

const refunding = {
  ...reference,
  beside: besideBurst,
  loads: [
    {
      ...rush,
      scenario: 'refund-and-resell',
      buyers: 500,
      capacity: 60,
      crowd: 0.3,
      duration: '3s',
      more: ['--think', '600ms-1s'],
    },
  ],
} as const;

const opening = {
  ...reference,
  beside: without('sale-window'),
  loads: [{ ...rush, buyers: 600, crowd: 0.2, duration: '10s', more: ['--option', 'opens=5'] }],
} as const;

const flawed = (flaw: string) => ({ name: `box-${flaw}`, flaw });

export const referenceRows: readonly Row[] = [
  {
    ...burst,
    name: 'box-control',
    loads: [
      { ...rush, buyers: 500, pools: 2, zipf: 1, quantities: '1:6,2:3,4:1' },
      { ...rush, arrivals: 'constant', buyers: 800, capacity: 150, quantities: '1:2,3:1' },
    ],
    because:
      'A correct box office, sold out under a rush for mixed quantities, paid from accounts.',
  },
  {
    ...browsing,
    name: 'box-control-reads',
    because:
      'Everybody looks before, buyers look again afterwards; every look fits one order of events.',
  },
  {
    ...holding,
    name: 'box-control-holds',
    // Who never paid looks when the rush is over, and may not see a sale beside it.
    silent: ['stale-availability', 'non-monotonic-availability'],
    because:
      'Holds are paid in time, paid too late, left, or given back, and what came back is sold again.',
  },
  {
    ...seated,
    name: 'box-control-seats',
    because: 'Several buyers want each named seat; one gets it.',
  },
  {
    ...limited,
    name: 'box-control-limit',
    because: 'Every buyer comes five times and may own two tickets.',
  },
  {
    ...retrying,
    name: 'box-control-retries',
    because: 'Most buyers send their purchase twice at one moment with one key, and get one order.',
  },
  {
    ...refunding,
    name: 'box-control-refunds',
    // Whether all that came back is sold again before the end is up to the crowd.
    silent: ['oversell-final', 'oversell-instant'],
    because: 'Half of the buyers give their ticket and get their money back; others buy it.',
  },
  {
    ...opening,
    name: 'box-control-window',
    because: 'The first come before the sale opens, and are told so.',
  },
  {
    ...burst,
    ...flawed('check-then-act'),
    violated: ['oversell-final', 'oversell-instant'],
    because:
      'Everybody who looked before the others had written is sold a ticket. The counter goes below zero with the rows.',
  },
  {
    ...burst,
    ...flawed('lost-update'),
    loads: [{ ...rush, buyers: 500, capacity: 200 }],
    violated: ['stock-conservation'],
    because: 'Orders and money are right; only the counter forgets some.',
  },
  {
    ...burst,
    ...flawed('ack-before-commit'),
    violated: [
      ...['oversell-final', 'oversell-instant', 'lost-purchase', 'stock-conservation'],
      'money-conservation',
    ],
    silent: ['false-sold-out', 'saga-atomicity'],
    because:
      'Each of two processes promises all that is left; what was promised and rolled back was never charged.',
  },
  {
    ...burst,
    ...flawed('partial-fulfilment'),
    loads: [{ ...rush, buyers: 300, pools: 2, quantities: '3:1' }],
    violated: [
      ...['oversell-final', 'oversell-instant', 'partial-purchase', 'stock-conservation'],
      'money-conservation',
    ],
    silent: ['saga-atomicity'],
    because:
      '100 tickets in threes leave one: somebody gets one of three, pays for it, and three were acknowledged.',
  },
  {
    ...burst,
    ...flawed('error-after-commit'),
    loads: [{ ...rush, capacity: 40, pools: 4 }],
    violated: ['refused-but-sold', 'stock-conservation', 'money-conservation'],
    unknown: ['false-sold-out'],
    silent: ['saga-atomicity'],
    because: 'The buyer of the last ticket of each pool is refused, has an order, and has paid.',
  },
  {
    ...burst,
    ...flawed('missing-compensation'),
    violated: ['money-conservation', 'saga-atomicity'],
    because: 'Money is taken first, and kept from everybody for whom there is no ticket.',
  },
  {
    ...seated,
    ...flawed('same-seat-twice'),
    violated: ['double-allocation'],
    because:
      'Who looked at a seat before the other had written takes it from him; both have orders.',
  },
  {
    ...limited,
    ...flawed('buyer-limit-race'),
    violated: ['buyer-limit'],
    because: 'A buyer’s five requests count the orders before any of them is written.',
  },
  {
    ...refunding,
    ...flawed('double-compensation'),
    violated: ['stock-conservation', 'money-conservation', 'saga-atomicity'],
    either: ['oversell-final', 'oversell-instant'],
    because:
      'Every cancellation gives ticket and money back twice. Whether the tickets too many are sold is up to the crowd.',
  },
  {
    ...holding,
    ...flawed('hold-never-released'),
    violated: ['leaked-hold'],
    silent: [
      ...['oversell-final', 'oversell-instant', 'stale-availability', 'false-sold-out'],
      'non-monotonic-availability',
    ],
    because: 'Holds that are over stay where they are, and nobody else gets their tickets.',
  },
  {
    ...holding,
    ...flawed('paid-after-expiry'),
    violated: ['paid-after-expiry'],
    silent: [
      ...['oversell-final', 'oversell-instant', 'stale-availability', 'illegal-transition'],
      'non-monotonic-availability',
    ],
    because:
      'A late payment takes the tickets once more if some are left, although the sale rejects it.',
  },
  {
    ...opening,
    ...flawed('early-sale'),
    violated: ['sale-window'],
    because: 'Every other process sells up to two seconds early.',
  },
  {
    ...retrying,
    ...flawed('retry-without-idempotency'),
    loads: [{ ...retrying.loads[0], capacity: 600 }],
    violated: ['duplicate-effect', 'money-conservation'],
    silent: [
      'oversell-final',
      'oversell-instant',
      'false-sold-out',
      'refused-but-sold',
      'stock-conservation',
      'saga-atomicity',
    ],
    because: 'Both of two requests with one key are sold a ticket, and both are charged.',
  },
  {
    ...burst,
    ...flawed('phantom-order'),
    loads: [{ ...rush, buyers: 1300, capacity: 1000 }],
    violated: ['phantom-order'],
    unknown: ['money-conservation', 'false-sold-out', 'saga-atomicity'],
    because:
      'Purchases that wait are booked once more for an account of the house that asked for nothing.',
  },
  {
    ...browsing,
    ...flawed('cached-availability'),
    loads: [
      {
        ...browsing.loads[0],
        arrivals: 'constant',
        buyers: 600,
        capacity: 300,
        duration: '3s',
      },
    ],
    violated: ['stale-availability', 'non-monotonic-availability', 'read-your-writes'],
    because: 'Each process answers from its own cache of half a second, and says that it is exact.',
  },
  {
    ...browsing,
    ...flawed('lagging-replica'),
    violated: ['stale-availability'],
    silent: ['non-monotonic-availability'],
    either: ['read-your-writes'],
    because: 'What is declared exact comes from a copy that is fed every half second.',
  },
  {
    ...holding,
    ...flawed('backwards-status'),
    loads: [
      {
        ...rush,
        scenario: 'hold-and-pay',
        arrivals: 'constant',
        buyers: 120,
        capacity: 60,
        duration: '3s',
        more: ['--option', 'hold=6', '--think', '50ms-400ms', '--stories', 'in-time:1'],
      },
    ],
    violated: ['read-your-writes', 'illegal-transition'],
    unknown: ['leaked-hold', 'paid-after-expiry'],
    beside: without(...reads.slice(2), ...holds),
    because: 'Two caches answer in turn: who has paid is told `held` again.',
  },
  {
    ...burst,
    ...flawed('sticky-sold-out'),
    loads: [
      {
        ...rush,
        buyers: 400,
        capacity: 350,
        quantities: '1:30,400:1',
        crowd: 0.2,
        duration: '4s',
      },
    ],
    violated: ['false-sold-out'],
    unknown: ['oversell-final', 'oversell-instant'],
    because: 'After the first request for 400 of 350 a process sells no more; nothing sells out.',
  },
  {
    ...burst,
    ...flawed('false-5xx'),
    loads: [{ ...rush, buyers: 900, capacity: 500, timeout: '4s' }],
    trace: { of: 'info', above: 0 },
    because:
      'An error that says nothing is no lie; the final state shows which purchases happened.',
  },
  {
    ...burst,
    ...flawed('slow-tail'),
    loads: [{ ...rush, buyers: 600, capacity: 500 }],
    trace: { of: 'latencyMsP99', above: 1400 },
    because: 'Slow, and right in everything.',
  },
  {
    ...burst,
    ...flawed('error-bursts'),
    loads: [{ ...rush, buyers: 1500, timeout: '4s' }],
    trace: { of: 'errors', above: 0 },
    because: 'Many are turned away with 503, which says that nothing was done.',
  },
];
