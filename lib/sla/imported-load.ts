import type { Imported } from '../model/manifest.ts';
import type { Sla } from '../model/sla.ts';
import type { ValidityResult } from '../model/verdict.ts';
import { formatValue } from './words.ts';

/** What there is to be held against a bearer's word. */
interface Doubts {
  readonly sla: Sla;
  readonly trouble: readonly string[];
  readonly clockDoubt?: string | undefined;
}

/**
 * What stands for the validity of the load where a history was recorded elsewhere: nothing was measured, so there is
 * only its bearer's word, and a pass says that it is one.
 *
 * - `account`: that no request is missing. Without it no invariant can be shown to hold. `trouble` is what the history
 *   itself says against it.
 * - `delivered`: that the load was sent as it was meant. Only promises that are measured rest on it: an oversell is one
 *   whatever the load was, but a latency under an unknown load keeps no promise and breaks none.
 * - `clock`: that the clocks it was recorded on agree as far as was said. Where nobody says anything it is taken for one
 *   clock as long as the recorded times do not contradict that, and nobody is accused on that ground.
 */
export function judgeImportedLoad(
  { vouched, clockErrorMs }: Imported,
  { sla, trouble, clockDoubt }: Doubts,
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
  const clock =
    clockDoubt === undefined
      ? trustedClock(vouched.clocks === true ? clockErrorMs : null)
      : doubtfulClock(clockDoubt);
  if (sla.objectives.every(({ kind }) => kind === 'invariants')) return [account, clock];
  const sent = 'the load was sent as it was meant';
  const delivered = onWord('delivered', {
    given: vouched.loadDelivered,
    claim: sent,
    doubt: `nobody vouches that ${sent} (--load-delivered)`,
  });
  return [account, delivered, clock];
}

/** Times that contradict each other deliver no load that anybody could judge. */
export function doubtfulClock(because: string): ValidityResult {
  return { id: 'clock', result: 'inconclusive', because, value: null, limit: null };
}

/** Null where nobody spoke of clocks. */
function trustedClock(clockErrorMs: number | null): ValidityResult {
  const because =
    clockErrorMs === null
      ? 'it was taken as given, not measured, that one clock recorded all of it (--clock-error); nobody is accused on ' +
        'that ground'
      : `it was vouched for, not measured, that its clocks agree to ${formatValue('ms', clockErrorMs)}`;
  return { id: 'clock', result: 'pass', because, value: null, limit: null };
}

function onWord(
  id: string,
  { given, claim, doubt }: { given: boolean; claim: string; doubt: string },
): ValidityResult {
  const because = given ? `it was vouched for, not measured, that ${claim}` : doubt;
  return { id, result: given ? 'pass' : 'inconclusive', because, value: null, limit: null };
}
