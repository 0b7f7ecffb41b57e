import type { FlawNote } from '../../facades/facade.ts';
import type { Parts, Services } from '../services/services.ts';

/** A bug planted into the five services. One that replaces a part has the place `sale`, whichever part it is. */
export interface Flaw extends FlawNote {
  readonly plant: (services: Services, parts: Parts) => Services;
}
