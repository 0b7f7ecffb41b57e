import type { Imported } from '../model/manifest.ts';
import type { Sla } from '../model/sla.ts';
import type { ValidityResult } from '../model/verdict.ts';

/**
 * What stands for the validity of the load where a history was recorded elsewhere: nothing was measured, so there is
 * only its bearer's word, and a pass says that it is one.
 *
 * - `account`: that no request is missing. Without it no invariant can be shown to hold. `trouble` is what the history
 *   itself says against it.
 * - `delivered`: that the load was sent as it was meant. Only promises that are measured rest on it: an oversell is one
 *   whatever the load was, but a latency under an unknown load keeps no promise and breaks none.
 */
export function judgeImportedLoad(
  { vouched }: Imported,
  { sla, trouble }: { readonly sla: Sla; readonly trouble: readonly string[] },
): ValidityResult[] {
  const whole = 'nothing is missing from the imported history';
  const account = onWord('account', {
    given: vouched.historyComplete,
    claim: whole,
    doubt:
      trouble.length === 0
        ? `nobody vouches that ${whole} (--history-complete)`
        : `it cannot be that ${whole}: ${trouble.join('; ').slice(0, 400)}`,
  });
  if (sla.objectives.every(({ kind }) => kind === 'invariants')) return [account];
  const sent = 'the load was sent as it was meant';
  const delivered = onWord('delivered', {
    given: vouched.loadDelivered,
    claim: sent,
    doubt: `nobody vouches that ${sent} (--load-delivered)`,
  });
  return [account, delivered];
}

function onWord(
  id: string,
  { given, claim, doubt }: { given: boolean; claim: string; doubt: string },
): ValidityResult {
  const because = given ? `it was vouched for, not measured, that ${claim}` : doubt;
  return { id, result: given ? 'pass' : 'inconclusive', because, value: null, limit: null };
}
