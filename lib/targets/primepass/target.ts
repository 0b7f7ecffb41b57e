import type { Target } from '../admin.ts';
import { admin } from './admin.ts';

export const primepass: Target = {
  name: 'primepass',
  summary: 'PrimePass: a Flask shop on PostgreSQL; purchases without keys, reads from a replica',
  protocolPath: 'lib/targets/primepass/protocol.ts',
  admin,
  /** Its transactions are over in milliseconds; this is for what clients gave up on, and for the replica. */
  quietMs: 2000,
};
