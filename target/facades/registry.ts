import type { Api } from './facade.ts';
import { primepass } from './primepass.ts';

/** Every API that `target up` can start; the first one where none is named. */
export const apis: readonly Api[] = [primepass];

/** @throws an assertion where nobody has checked the name. */
export function apiNamed(name: string): Api {
  const api = apis.find((one) => one.name === name);
  if (api === undefined) throw new Error(`no API is called ${name}`);
  return api;
}
