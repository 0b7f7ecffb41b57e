import { flawsNamed } from '../../facades/flaws.ts';
import type { Parts, Services } from '../services/services.ts';
import { checkThenAct } from './check-then-act.ts';
import { countersDiverge } from './counters-diverge.ts';
import { doubleCharge } from './double-charge.ts';
import { doubleRelease } from './double-release.ts';
import { errorBursts } from './error-bursts.ts';
import type { Flaw } from './flaw.ts';
import { holdNeverReleased } from './hold-never-released.ts';
import { paidAfterExpiry } from './paid-after-expiry.ts';
import { slowTail } from './slow-tail.ts';

/** Every flaw there is, in planting order: what replaces a part comes before what is put around one. */
export const flaws: readonly Flaw[] = [
  checkThenAct,
  countersDiverge,
  holdNeverReleased,
  doubleRelease,
  paidAfterExpiry,
  doubleCharge,
  slowTail,
  errorBursts,
];

/** The services with these flaws in them. */
export function plantFlaws(services: Services, names: readonly string[], parts: Parts): Services {
  return flawsNamed(flaws, names).reduce((planted, flaw) => flaw.plant(planted, parts), services);
}
