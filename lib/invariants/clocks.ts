import { clocksApart } from '../history/clocks-apart.ts';
import { shopDoubtMs } from '../history/nameless-rows.ts';
import type { Finding } from '../model/finding.ts';
import type { Evidence } from './invariant.ts';

/** By so much clocks may be off of which nothing is known: no time that was recorded is certainly before another. */
export const NO_ORDER_MS = Number.MAX_SAFE_INTEGER;

/**
 * Claims that are about what came before what. All others count what there is in the end, and find the same whatever the
 * clocks did; a test holds them to it.
 */
export const restOnOrder: ReadonlySet<string> = new Set([
  ...['oversell-instant', 'double-allocation', 'money-conservation', 'false-sold-out'],
  ...['stale-availability', 'non-monotonic-availability', 'read-your-writes', 'buyer-limit'],
  ...['leaked-hold', 'paid-after-expiry', 'illegal-transition', 'sale-window'],
]);

/**
 * The evidence with as much order in it as its clocks can bear. Where recorded times contradict each other by more than
 * they are trusted to, it can only be told that clocks are further off than was said, not how far: then there is no order
 * at all, and what is violated still is so in every order. In an import the times at which the shop says that it made its
 * rows are heard, too; a run of Onsale's own has measured its clock, so there they would speak of the shop's alone.
 */
export function heldToItsClocks(
  evidence: Evidence,
  { imported }: { readonly imported: boolean },
): Evidence {
  const clockDoubt = doubtIn(evidence, imported);
  return clockDoubt === null ? evidence : { ...evidence, clockErrorMs: NO_ORDER_MS, clockDoubt };
}

function doubtIn(evidence: Evidence, imported: boolean): string | null {
  const { history, fixture, state, clockErrorMs } = evidence;
  const apart = clocksApart({ history, fixture, state: imported ? state : null });
  if (apart.recordersMs > clockErrorMs) {
    const remedy = imported
      ? 'say with --clock-error how far'
      : 'run again on a clock that nobody sets';
    return (
      `Clocks differ or jumped by at least ${shown(apart.recordersMs)}, more than the ${shown(clockErrorMs)} they are ` +
      `trusted to, so no order of events is certain: ${remedy}.`
    );
  }
  const trustedMs = shopDoubtMs(evidence);
  if (fixture.rules === undefined || apart.shopMs <= trustedMs) return null;
  return (
    `The shop dates its rows at least ${shown(apart.shopMs)} off the recorder's clock, more than the ` +
    `${shown(trustedMs)} it is trusted to, so no order of events is certain: name rules.clockSkewMs in the fixture.`
  );
}

const shown = (ms: number) => `${Math.floor(ms)} ms`;

/** What nobody said of the clocks, and the evidence as it is if they are off by any time. */
export interface Unsaid {
  readonly evidence: Evidence;
  readonly missing: string;
}

/**
 * Empty where somebody answers for all clocks that times are from: those of the recorders, and the shop's where it tells of
 * expiries, or where its rules are about moments.
 */
export function unsaidOf(evidence: Evidence): Unsaid[] {
  const { fixture, clocksUnvouched = false, shopClockUnvouched = false } = evidence;
  const unsaid: Unsaid[] = [];
  if (clocksUnvouched) {
    unsaid.push({ evidence: { ...evidence, clockErrorMs: NO_ORDER_MS }, missing: ONE_CLOCK });
  }
  if (shopClockUnvouched && tellsShopTimes(evidence)) {
    const anySkew = { ...fixture, rules: { ...fixture.rules, clockSkewMs: NO_ORDER_MS } };
    unsaid.push({ evidence: { ...evidence, fixture: anySkew }, missing: SHOP_CLOCK });
  }
  return unsaid;
}

const ONE_CLOCK =
  'Somebody’s word that one clock recorded all of it, or how far clocks differ (--clock-error 1 for one clock): if ' +
  'they agree, this claim is violated.';
const SHOP_CLOCK =
  'Somebody’s word how far the shop’s clock may be off the recorder’s (rules.clockSkewMs): if they agree, ' +
  'this claim is violated.';

function tellsShopTimes({ history, fixture, state }: Evidence): boolean {
  const { opensAt, closesAt } = fixture.rules ?? {};
  if (opensAt !== undefined || closesAt !== undefined) return true;
  const tellsExpiry = (state?.orders ?? []).some(({ expiresAt }) => expiresAt !== undefined);
  return tellsExpiry || history.details?.expiresAt.some((each) => !Number.isNaN(each)) === true;
}

/**
 * A violation where nobody answers for clocks: it stands if it is one however far these are off, too, by `decide`. Nobody is
 * accused by two generators that differ unseen, or by a shop’s own time.
 */
export function answeredFor(
  finding: Finding,
  unsaid: readonly Unsaid[],
  decide: (evidence: Evidence) => Finding,
): Finding {
  if (finding.value !== 'violated') return finding;
  const missing = unsaid
    .filter(({ evidence }) => decide(evidence).value !== 'violated')
    .map((each) => each.missing);
  if (missing.length === 0) return finding;
  const { invariant, summary, witness } = finding;
  return { invariant, value: 'unknown', summary, missing, witness };
}

/** What a claim about the order of events comes to where clocks are in doubt: it does not hold, and this is missing first. */
export function doubted(finding: Finding, { clockDoubt }: Evidence): Finding {
  if (clockDoubt === undefined || finding.value === 'violated') return finding;
  if (!restOnOrder.has(finding.invariant)) return finding;
  const { invariant, summary, witness } = finding;
  const others = finding.value === 'unknown' ? finding.missing : [];
  return { invariant, value: 'unknown', summary, missing: [clockDoubt, ...others], witness };
}
