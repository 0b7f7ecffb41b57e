import { type Row, rush, unplanted } from './row.ts';

/*
 * Shops that speak CO4353: an order holds its ticket until it is paid or over, and two services count what is left.
 */
const beside = [
  ...['double-allocation', 'buyer-limit', 'sale-window', 'non-monotonic-availability'],
];
const reads = ['stale-availability', 'read-your-writes'];

const co4353 = { ...unplanted, api: 'co4353' } as const;

const burst = {
  ...co4353,
  beside: [...beside, ...reads, 'leaked-hold', 'paid-after-expiry'],
  loads: [{ ...rush, buyers: 250 }],
} as const;

const holding = {
  ...co4353,
  options: ['hold=2s'],
  beside,
  // What is left is read from the service that hears of sales later, and says so.
  unknown: ['stale-availability'],
  loads: [
    {
      ...rush,
      scenario: 'hold-and-pay',
      buyers: 250,
      capacity: 40,
      crowd: 0.3,
      duration: '9s',
      more: [
        ...['--option', 'hold=2s', '--option', 'grace=3s', '--think', '50ms-400ms'],
        ...['--stories', 'in-time:4,twice:2,late:2,never:2'],
      ],
    },
  ],
} as const;

const flawed = (flaw: string) => ({ name: `co4353-${flaw}`, flaw });

export const co4353Rows: readonly Row[] = [
  {
    ...burst,
    name: 'co4353-control',
    because: 'Everybody orders, nobody pays, read before orders are over.',
  },
  {
    ...holding,
    name: 'co4353-control-holds',
    because: 'Orders are paid, paid twice, too late, or never.',
  },
  {
    ...burst,
    ...flawed('check-then-act'),
    violated: ['oversell-final', 'oversell-instant', 'stock-conservation'],
    silent: ['refused-but-sold', 'false-sold-out'],
    because: 'The counter is read, then written without its version.',
  },
  {
    ...burst,
    ...flawed('counters-diverge'),
    violated: ['stock-conservation'],
    because:
      'Some orders never reach the event service, which goes on telling that their tickets are left.',
  },
  {
    ...holding,
    ...flawed('hold-never-released'),
    violated: ['leaked-hold', 'false-sold-out'],
    silent: ['stock-conservation'],

    because:
      'Who comes when orders are over is still told sold out: cancelled rows, and a counter at zero.',
  },
  {
    ...holding,
    ...flawed('double-release'),
    loads: [
      {
        ...holding.loads[0],
        buyers: 150,
        capacity: 100,
        crowd: 1,
        duration: '1s',
        more: ['--option', 'hold=2s', '--option', 'grace=3s', '--stories', 'never:1'],
      },
    ],
    unknown: [],
    silent: [
      ...['paid-after-expiry', 'stale-availability', 'oversell-final', 'oversell-instant'],
      'lost-purchase',
    ],
    violated: ['stock-conservation'],
    because:
      'Orders that are over together are given back twice, so the counter says that more is left than there is.',
  },
  {
    ...holding,
    ...flawed('paid-after-expiry'),
    violated: ['paid-after-expiry', 'saga-atomicity'],
    silent: ['oversell-final', 'oversell-instant'],
    because:
      'The charge is taken after the ticket has gone back on sale; the order stays cancelled.',
  },
  {
    ...holding,
    ...flawed('double-charge'),
    violated: ['duplicate-effect'],
    because: 'Of two payments at one moment both are charged.',
  },
  {
    ...burst,
    ...flawed('slow-tail'),
    trace: { of: 'latencyMsP99', above: 1400 },
    because: 'Slow, and right in everything.',
  },
  {
    ...burst,
    ...flawed('error-bursts'),
    loads: [{ ...rush, buyers: 1200 }],
    trace: { of: 'errors', above: 0 },
    because: 'Many are turned away, and none of them has an order.',
  },
];
