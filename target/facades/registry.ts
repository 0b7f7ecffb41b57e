import { co4353 } from './co4353.ts';
import type { Api, Facade } from './facade.ts';
import { pretix } from './pretix.ts';
import { primepass } from './primepass.ts';
import { reference } from './reference.ts';
import { wdm } from './wdm.ts';

/** Every API that `target up` can start; the first one where none is named. */
export const apis: readonly Api[] = [primepass, wdm, co4353, reference, pretix];

/** For a name that has been checked. */
export function facadeNamed(name: string): Facade {
  const api = apis.find((one) => one.name === name);
  if (api?.kind !== 'facade') throw new Error(`${name} is no façade`);
  return api;
}
