import type { Target } from '../admin.ts';
import { admin } from './admin.ts';
import { protocol } from './protocol.ts';

export const wdm: Target = {
  name: 'wdm',
  summary: 'WDM / IN4331: orders, payment and stock behind a gateway; a checkout is a saga',
  protocolPath: 'lib/targets/wdm/protocol.ts',
  protocol,
  admin,
  capabilities: [
    // The order is the key: checking it out again is the same purchase.
    ...(['quantities', 'idempotency', 'availability', 'stale-reads', 'status', 'views'] as const),
    ...(['credit', 'own-orders', 'sql-read-back'] as const),
  ],
  options: [
    {
      name: 'generation',
      summary: 'form of the API: 2021, 2024, or auto to find out',
      default: 'auto',
      pattern: /auto|2021|2024/,
    },
    {
      name: 'price',
      summary: 'price of a unit, whole units of money',
      default: '10',
      pattern: /\d{1,9}/,
    },
    {
      name: 'credit',
      summary: "a buyer's money, whole units; ten times what its orders cost where nothing is said",
      default: '',
      pattern: /(\d{1,12})?/,
    },
    {
      name: 'assume',
      summary:
        'what a 4xx without a reason means (form of 2021): sold-out, nothing, or auto: sold-out if credit is ample',
      default: 'auto',
      pattern: /auto|sold-out|nothing/,
    },
    {
      name: 'reads',
      summary:
        'exact, or lag: then late reads are no fault; auto: exact for the form of 2024 if credit is ample',
      default: 'auto',
      pattern: /auto|exact|lag/,
    },
    {
      name: 'batch',
      summary:
        'yes: users and items by batch_init of the form of 2024, in place of whatever has the names 0, 1, 2, …',
      default: 'no',
      pattern: /yes|no/,
    },
  ],
  secret: null,
  /** Some answer a second before everything is written, and compensations are waited for by nobody. */
  quietMs: 3000,
};
