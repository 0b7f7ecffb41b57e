import type { History } from '../../lib/history/history.ts';
import { UsageFailure } from '../../lib/model/failure.ts';
import type { Fixture } from '../../lib/model/fixture.ts';
import type { Intent } from '../../lib/model/plan.ts';
import type { Rules } from '../../lib/model/rules.ts';

/** From 2001 to 5138 in seconds; in milliseconds January 1970 to 1973, when nobody sold tickets online. */
const SECONDS_MIN = 1e9;
const SECONDS_MAX = 1e11;
/** In milliseconds the year 5138; April 1973 in microseconds. */
const MICROSECONDS_MIN = 1e14;

/**
 * Refuses what has the right shape but cannot be meant, for of it a sale would be accused that nobody made. Throws a
 * `UsageFailure` for pools named twice, and for rules that contradict or leave each other open.
 */
export function refuseSenselessFixture(
  { pools, rules = {} }: Pick<Fixture, 'pools' | 'rules'>,
  where: string,
) {
  const twice = repeated(pools.map(({ id }) => id));
  if (twice !== null) {
    throw new UsageFailure({
      expected: 'each pool once',
      got: `${JSON.stringify(twice)} twice`,
      where: `${where}, pools`,
      remedy: 'Name each pool once, with all of its tickets.',
    });
  }
  refuseSenselessRules(rules, `${where}, rules`);
}

function refuseSenselessRules(
  { opensAt, closesAt, latePayment, expiryGraceMs }: Rules,
  where: string,
) {
  if (opensAt !== undefined && closesAt !== undefined && opensAt > closesAt) {
    throw new UsageFailure({
      expected: 'a sale that opens before it closes',
      got: `opensAt ${opensAt} and closesAt ${closesAt}`,
      where,
      remedy: 'Both are Unix epoch milliseconds; leave out what is not promised.',
    });
  }
  if (latePayment === 'reject-after-grace' && expiryGraceMs === undefined) {
    throw new UsageFailure({
      expected: 'expiryGraceMs beside latePayment "reject-after-grace"',
      got: 'no grace',
      where,
      remedy:
        'Say after how many milliseconds an expired hold is not paid any more; 0 for at once.',
    });
  }
  for (const [name, at] of Object.entries({ opensAt, closesAt })) {
    if (at !== undefined && isOfAnotherUnit(at)) throw notMilliseconds(`${name} ${at}`, where);
  }
}

/**
 * The same of a plan and the fixture it belongs to: a key that is planned twice, a pool that the fixture does not have, or
 * buyers of the fixture that are not one for each intent.
 */
export function refuseSenselessPlan(
  intents: readonly Intent[],
  { pools, buyers }: Pick<Fixture, 'pools' | 'buyers'>,
  where: string,
) {
  const refuse = (expected: string, got: string, remedy: string) => {
    throw new UsageFailure({ expected, got, where, remedy });
  };
  const twice = repeated(intents.map(({ key }) => key));
  if (twice !== null)
    refuse(
      'a key of its own for each intent',
      `${JSON.stringify(twice)} twice`,
      'A retry is no further intent: plan it once.',
    );
  const outside = intents.find(({ pool }) => pool >= pools.length);
  if (outside !== undefined)
    refuse(
      `pools by their place in the fixture, 0 to ${pools.length - 1}`,
      `pool ${outside.pool} of intent ${JSON.stringify(outside.key)}`,
      'Count from 0, in the order of the fixture’s pools (or of --pool).',
    );
  if (buyers.length === 0) return;
  if (buyers.length !== intents.length)
    refuse(
      `one of the fixture’s buyers for each of ${intents.length} intents, in the same order`,
      `${buyers.length} buyers`,
      'Name a buyer once for each intent, again where one has several: `buyer` in the plan is no place in this list.',
    );
}

/**
 * The same of times that are not milliseconds but seconds or microseconds since 1970: by them everything would overlap
 * everything, or nothing anything. A clock that counts milliseconds from a start of its own tells the order as well.
 */
export function refuseOtherTimes({ start, end }: History, where: string) {
  for (let i = 0; i < start.length; i++) {
    for (const at of [start[i]!, end[i]!])
      if (isOfAnotherUnit(at)) throw notMilliseconds(String(at), where);
  }
}

/** And of the moment of the read-back. */
export function refuseOtherTime(at: number, where: string) {
  if (isOfAnotherUnit(at)) throw notMilliseconds(String(at), where);
}

const isOfAnotherUnit = (at: number): boolean =>
  (at >= SECONDS_MIN && at < SECONDS_MAX) || at >= MICROSECONDS_MIN;

function notMilliseconds(got: string, where: string): UsageFailure {
  return new UsageFailure({
    expected: 'times in Unix epoch milliseconds, such as 1763719200041',
    got,
    where,
    remedy:
      'Multiply seconds by 1000, divide microseconds by 1000; fractions of a millisecond are fine.',
  });
}

function repeated(texts: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const text of texts) {
    if (seen.has(text)) return text;
    seen.add(text);
  }
  return null;
}
