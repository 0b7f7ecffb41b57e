/*
 * What the judge has to say about each shop: one row a planted flaw, and the controls, shops without one. An invariant
 * that a row does not name has to hold. The table is exact in both directions: a check that fires where it should not
 * is as wrong as one that stays silent.
 *
 * A plan is chosen so that the flaw certainly shows, however fast the machine is; `because` says why it does.
 */

/** A scenario and flags of `bin/loadtest run`. */
export interface Load {
  readonly scenario: string;
  readonly arrivals: 'burst' | 'constant';
  readonly buyers: number;
  readonly capacity: number;
  readonly pools: number;
  readonly zipf: number;
  readonly quantities: string;
  readonly crowd: number;
  readonly duration: string;
  readonly timeout: string;
  readonly seed: number;
  /** Further flags, as they are typed. */
  readonly more: readonly string[];
}

export interface Row {
  readonly name: string;
  /** What the shop speaks, of target/facades/registry.ts, and its options. */
  readonly api: string;
  readonly options: readonly string[];
  /** Of the API's flaws; null is a correct shop. */
  readonly flaw: string | null;
  /** The first is the plan; the n-th repetition of `--seeds` takes the n-th, in turns, with another seed. */
  readonly loads: readonly [Load, ...Load[]];
  /** Must fire. */
  readonly violated: readonly string[];
  /** Say nothing about such a sale, and must not be judged. */
  readonly beside: readonly string[];
  /** Must be *unknown*: neither accused nor cleared. */
  readonly unknown: readonly string[];
  /** Must not fire; whether it holds or is unknown is up to timing. */
  readonly silent: readonly string[];
  /** May fire, for the flaw can do that, too; whether it does is up to timing. */
  readonly either: readonly string[];
  /** Where every invariant may hold although the flaw is there: the figure of the verdict's totals that shows it. */
  readonly trace: {
    readonly of: 'info' | 'errors' | 'latencyMsP99';
    readonly above: number;
  } | null;
  /** Why these fire, why those are unknown. */
  readonly because: string;
}

export const rush: Load = {
  scenario: 'purchase-burst',
  arrivals: 'burst',
  buyers: 400,
  capacity: 100,
  pools: 1,
  zipf: 0,
  quantities: '1:1',
  crowd: 0.9,
  duration: '1s',
  timeout: '10s',
  seed: 1,
  more: [],
};

export const unplanted = {
  options: [],
  flaw: null,
  violated: [],
  beside: [],
  unknown: [],
  silent: [],
  either: [],
  trace: null,
} as const;
