import { RunFailure } from '../model/failure.ts';
import type { Fixture } from '../model/fixture.ts';
import type { Admin, Connection } from './admin.ts';
import { pause, request } from './request.ts';

/** How far a target's clock is ahead of ours: at least and at most, ms; negative where it is behind. */
export interface Ahead {
  readonly min: number;
  readonly max: number;
}

/** By how much the two certainly differ, and by how much at most, ms. */
interface Skew {
  readonly min: number;
  readonly max: number;
}

/** Looks at the `Date` of replies, and what is between two: a second cut into five parts. */
const LOOKS = 5;
const LOOK_PAUSE_MS = 210;
const SECOND_MS = 1000;

/** Asks for the time; the answer, cut to `grainMs`, was given at some moment between question and reply. */
export async function aheadBy(
  ask: () => Promise<number>,
  { grainMs = 1, now = Date.now }: { readonly grainMs?: number; readonly now?: () => number } = {},
): Promise<Ahead> {
  const from = now();
  const told = await ask();
  return { min: told - now() - 1, max: told + grainMs - from };
}

/**
 * By the `Date` of its replies, whatever they are: whole seconds, looked at in different parts of a second. Null where it
 * does not answer or tells no time. What is in between (a proxy, a cache) may have told its own.
 */
export async function aheadByDate(connection: Connection): Promise<Ahead | null> {
  const ask = {
    ...({ method: 'GET', path: '/', expected: 'a reply with its date' } as const),
    remedy: 'Check that the target runs.',
  };
  const looks: Ahead[] = [];
  for (let i = 0; i < LOOKS; i++) {
    if (i > 0) await pause(LOOK_PAUSE_MS, connection.signal);
    const answer = async () => (await request(connection, ask)).date ?? Number.NaN;
    looks.push(await aheadBy(answer, { grainMs: SECOND_MS }));
  }
  if (looks.some(({ min }) => Number.isNaN(min))) return null;
  return commonTo(looks);
}

/** What all looks have in common; where they contradict each other, all that any of them leaves open. */
export function commonTo(looks: readonly Ahead[]): Ahead {
  const mins = looks.map(({ min }) => min);
  const maxs = looks.map(({ max }) => max);
  const common = { min: Math.max(...mins), max: Math.min(...maxs) };
  return common.min <= common.max ? common : { min: Math.min(...mins), max: Math.max(...maxs) };
}

export function skewOf({ min, max }: Ahead): Skew {
  return { min: Math.max(0, min, -max), max: Math.ceil(Math.max(Math.abs(min), Math.abs(max))) };
}

/** Null where it cannot be told. */
async function measureSkew({ clock }: Admin, connection: Connection): Promise<Skew | null> {
  try {
    const ahead = await (clock ?? aheadByDate)(connection);
    return ahead === null ? null : skewOf(ahead);
  } catch (error) {
    if (error instanceof RunFailure) return null;
    throw error;
  }
}

/** A promise about times is on the target's clock; without one nobody asks what it shows. */
function isTimed({ rules = {} }: Fixture): boolean {
  return [rules.opensAt, rules.closesAt, rules.holdMs].some((each) => each !== undefined);
}

/**
 * The fixture with `rules.clockSkewMs` as it was measured, where its rules are about times. What the adapter or the user
 * says stands, unless the clock is certainly further off. Where nothing can be measured nothing changes.
 */
export async function withMeasuredSkew(
  admin: Admin,
  connection: Connection,
  fixture: Fixture,
): Promise<Fixture> {
  if (!isTimed(fixture)) return fixture;
  const skew = await measureSkew(admin, connection);
  if (skew === null) {
    if (fixture.rules?.clockSkewMs === undefined)
      connection.onNotice?.('The target tells no time, so its clock is taken for ours.');
    return fixture;
  }
  const said = fixture.rules?.clockSkewMs;
  const clockSkewMs = said !== undefined && said >= skew.min ? said : skew.max;
  return { ...fixture, rules: { ...fixture.rules, clockSkewMs } };
}

/** How much further off than its rules say the target's clock is by now, ms; 0 where it is not, or cannot be told. */
export async function driftSince(
  { rules = {}, ...fixture }: Fixture,
  { admin, connection }: { readonly admin: Admin; readonly connection: Connection },
): Promise<number> {
  if (!isTimed({ ...fixture, rules })) return 0;
  const skew = await measureSkew(admin, connection);
  const { clockSkewMs = 0 } = rules;
  return skew === null || skew.min <= clockSkewMs ? 0 : skew.max - clockSkewMs;
}
