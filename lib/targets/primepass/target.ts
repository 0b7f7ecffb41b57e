import type { Target } from '../admin.ts';
import { admin } from './admin.ts';
import { protocol } from './protocol.ts';

export const primepass: Target = {
  name: 'primepass',
  summary: 'PrimePass: a Flask shop on PostgreSQL; purchases without keys, reads from a replica',
  protocolPath: 'lib/targets/primepass/protocol.ts',
  protocol,
  admin,
  capabilities: [
    'quantities',
    'availability',
    'stale-reads',
    'views',
    'own-orders',
    'sql-read-back',
  ],
  options: [],
  secret: null,
  /** Its transactions are over in milliseconds; this is for what clients gave up on, and for the replica. */
  quietMs: 2000,
};
