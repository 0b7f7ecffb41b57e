import type pg from 'pg';
import { flawsNamed } from '../../facades/flaws.ts';
import { boxOffice, correctSteps } from '../correct-office.ts';
import type { BoxOffice } from '../office.ts';
import type { Steps } from '../steps.ts';
import { ackBeforeCommit } from './ack-before-commit.ts';
import { backwardsStatus } from './backwards-status.ts';
import { buyerLimitRace } from './buyer-limit-race.ts';
import { cachedAvailability } from './cached-availability.ts';
import { checkThenAct } from './check-then-act.ts';
import { doubleCompensation } from './double-compensation.ts';
import { earlySale } from './early-sale.ts';
import { errorAfterCommit } from './error-after-commit.ts';
import { errorBursts } from './error-bursts.ts';
import { false5xx } from './false-5xx.ts';
import type { Flaw } from './flaw.ts';
import { holdNeverReleased } from './hold-never-released.ts';
import { laggingReplica } from './lagging-replica.ts';
import { lostUpdate } from './lost-update.ts';
import { missingCompensation } from './missing-compensation.ts';
import { paidAfterExpiry } from './paid-after-expiry.ts';
import { partialFulfilment } from './partial-fulfilment.ts';
import { phantomOrder } from './phantom-order.ts';
import { retryWithoutIdempotency } from './retry-without-idempotency.ts';
import { sameSeatTwice } from './same-seat-twice.ts';
import { slowTail } from './slow-tail.ts';
import { stickySoldOut } from './sticky-sold-out.ts';

/** Every flaw there is, in the order in which several are planted: those that change selling first. */
export const flaws: readonly Flaw[] = [
  checkThenAct,
  lostUpdate,
  ackBeforeCommit,
  partialFulfilment,
  errorAfterCommit,
  missingCompensation,
  sameSeatTwice,
  buyerLimitRace,
  doubleCompensation,
  holdNeverReleased,
  paidAfterExpiry,
  earlySale,
  retryWithoutIdempotency,
  phantomOrder,
  cachedAvailability,
  laggingReplica,
  backwardsStatus,
  stickySoldOut,
  false5xx,
  slowTail,
  errorBursts,
];

/** The box office with these flaws in it, and the steps that it goes by. */
export function plantFlaws(
  pool: pg.Pool,
  names: readonly string[],
): { office: BoxOffice; steps: Steps } {
  const chosen = flawsNamed(flaws, names);
  const steps = chosen.reduce((planted, flaw) => flaw.steps?.(planted) ?? planted, correctSteps);
  const office = chosen.reduce(
    (planted, flaw) => flaw.plant?.(planted, { pool, steps }) ?? planted,
    boxOffice(pool, steps),
  );
  return { office, steps };
}
