import { type Row, rush, unplanted } from './row.ts';

/*
 * Shops that speak WDM: a checkout is a saga between orders, payment and stock, over a queue. Nothing is held but by a
 * checkout, and nobody reads while it runs.
 */
const beside = [
  ...['double-allocation', 'stale-availability', 'non-monotonic-availability', 'buyer-limit'],
  ...['read-your-writes', 'leaked-hold', 'paid-after-expiry', 'sale-window'],
];

const wdm = {
  ...unplanted,
  api: 'wdm',
  beside,
  loads: [{ ...rush, buyers: 300, crowd: 1, scenario: 'wdm-consistency', timeout: '30s' }],
} as const;

const flawed = (flaw: string) => ({ ...wdm, name: `wdm-${flaw}`, flaw });

export const wdmRows: readonly Row[] = [
  { ...wdm, name: 'wdm-control', because: 'The form of 2021: everybody checks out at one moment.' },
  {
    ...wdm,
    name: 'wdm-control-2024',
    options: ['generation=2024'],
    because: 'The same with the form of 2024.',
  },
  {
    ...flawed('missing-compensation'),
    violated: ['money-conservation', 'saga-atomicity'],
    because:
      'A checkout ends with the refusal of the stock; the bank is slower than that, and a payment that comes in after it is never undone.',
  },
  {
    ...flawed('double-compensation'),
    violated: ['money-conservation', 'saga-atomicity'],
    because: 'Who got no stock gets the money back twice.',
  },
  {
    ...flawed('double-charge'),
    violated: ['duplicate-effect', 'money-conservation', 'saga-atomicity'],
    because:
      'A payment that takes long is repeated under a new key: it is taken twice, and undone once where there was no stock.',
  },
  {
    ...flawed('check-then-act'),
    violated: ['oversell-final', 'oversell-instant'],
    because: 'The stock is looked at, then taken: the counter goes below zero with the orders.',
  },
  {
    ...flawed('paid-without-stock'),
    violated: [
      ...['oversell-final', 'oversell-instant', 'refused-but-sold', 'stock-conservation'],
      'saga-atomicity',
    ],
    because:
      'Refused buyers have paid orders; their money was given back and their stock never was there.',
  },
  {
    ...flawed('false-5xx'),
    trace: { of: 'info', above: 0 },
    because:
      'An error that says nothing is no lie; the final state shows which checkouts happened.',
  },
  {
    ...flawed('slow-tail'),
    trace: { of: 'latencyMsP99', above: 1400 },
    because: 'Slow, and right in everything.',
  },
  {
    ...flawed('error-bursts'),
    loads: [{ ...wdm.loads[0], buyers: 900 }],
    trace: { of: 'errors', above: 0 },
    because: 'Many are turned away, and none of them has bought.',
  },
];
