import type pg from 'pg';
import type { BoxOffice } from '../office.ts';
import type { Steps } from '../steps.ts';

/** What a flaw is planted into besides the office itself. */
export interface Ground {
  readonly pool: pg.Pool;
  /** As they are with the flaws in them. */
  readonly steps: Steps;
}

/** A bug that real shops have had, planted on purpose so that a judge can be judged. */
export interface Flaw {
  readonly name: string;
  /** Which bug it is, one sentence. */
  readonly bug: string;
  /** Whether it changes selling itself, or only does something before or after. At most one may sell. */
  readonly place: 'sale' | 'around';
  /** Replaces steps, each by the one that lacks a lock or a condition. */
  readonly steps?: (steps: Steps) => Steps;
  /** Replaces what the office does with them. */
  readonly plant?: (office: BoxOffice, ground: Ground) => BoxOffice;
}
