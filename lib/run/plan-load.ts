import { resolve } from 'node:path';
import type { IntentsFile, Plan } from '../model/plan.ts';
import type { Rules } from '../model/rules.ts';
import { virtualUsersOf } from './intents.ts';
import type { LoadSettings } from './load-settings.ts';

/** k6's start (reading the script, making virtual users) and its end, over and above the load itself. */
const START_AND_END_MS = 60_000;
/**
 * How long after the last arrival's time the backlog of a slow target may go on; what could not start by then was not
 * delivered. The least leaves room for the barrier's own skew, however short the plan's time-out is.
 */
const BACKLOG_MS_MIN = 10_000;
const BACKLOG_MS_MAX = 600_000;

/**
 * What a plan means for k6. What it reads is in the run's folder; its summary goes to `scratch` first, because k6 may be
 * killed, or the disk full, in the middle of it.
 * @throws UsageFailure if the plan's crowd needs more virtual users than it allows.
 */
export function settingsFor(asked: {
  readonly folder: string;
  readonly scratch: string;
  readonly plan: Plan;
  readonly intents: IntentsFile;
  readonly address: Pick<LoadSettings, 'url' | 'hosts'>;
  readonly secrets: boolean;
  /** Most requests of one visit. */
  readonly requestsMax: number;
  readonly rules?: Rules | undefined;
  readonly record?: boolean;
}): LoadSettings {
  const { folder, scratch, plan, intents, address, record = true } = asked;
  const virtualUsers = virtualUsersOf(plan);
  const expiryGraceMs = asked.rules?.expiryGraceMs ?? 0;
  const lastOffsetMs = intents.intents.at(-1)?.offsetMs ?? 0;
  const visitMs = visitMsOf(asked);
  const longestMs = Math.ceil(intents.intents.length / virtualUsers) * visitMs;
  const backlogMs = Math.min(BACKLOG_MS_MAX, Math.max(BACKLOG_MS_MIN, longestMs));
  const leadMs = 500 + virtualUsers;
  const giveUpMs = lastOffsetMs + backlogMs;
  return {
    url: address.url,
    intentsPath: resolve(folder, 'intents.json'),
    fixturePath: resolve(folder, 'fixture.json'),
    summaryPath: resolve(scratch, 'k6-summary.json'),
    secretsPath: asked.secrets ? resolve(scratch, 'secrets.json') : null,
    intents: intents.intents.length,
    virtualUsers,
    timeoutMs: plan.timeoutMs,
    seed: plan.seed,
    thinkMs: plan.thinkMs ?? { min: 0, max: 0 },
    attemptsMax: plan.attemptsMax ?? 1,
    expiryGraceMs,
    paymentGraceMs: asked.rules?.latePayment === 'reject-after-grace' ? expiryGraceMs : 0,
    leadMs,
    lastOffsetMs,
    giveUpMs,
    maxDurationMs: leadMs + giveUpMs + visitMs + START_AND_END_MS,
    hosts: address.hosts,
    record,
  };
}

/** The longest that one visit can take: every request to its limit, every pause, and a hold to its end. */
function visitMsOf({
  plan,
  requestsMax,
  rules,
}: {
  readonly plan: Plan;
  readonly requestsMax: number;
  readonly rules?: Rules | undefined;
}): number {
  const steps = requestsMax * (plan.attemptsMax ?? 1);
  const holdMs = (rules?.holdMs ?? 0) + (rules?.expiryGraceMs ?? 0);
  return steps * (plan.timeoutMs + (plan.thinkMs?.max ?? 0)) + holdMs;
}

/** When the runner ends a k6 that should long have ended by itself. */
export function limitMsOf(settings: LoadSettings): number {
  return settings.leadMs + settings.maxDurationMs + START_AND_END_MS;
}
