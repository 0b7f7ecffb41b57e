const RUN_ID = '20261121T120000Z-bench';

/** What a sale that is judged for its speed is like. Everything follows from this, so writer and judge agree without a file. */
export interface SaleSize {
  /**
   * `purchases` of one or two tickets each; the same with `money`: prices, an account for each buyer, payments; single
   * tickets, and every other operation `reads` what is left, each session by turns; or `everything` that a shop may do.
   */
  readonly what: 'purchases' | 'money' | 'reads' | 'everything';
  readonly length: number;
  /** Who comes after so many finds the shop sold out; of `everything`, about so. */
  readonly sold: number;
  /** 10 to 1,000, by tens. */
  readonly atOnce: number;
  /** Whether there is a plan of intents, as of a run of Onsale's own, or none, as of an imported history. */
  readonly isPlanned: boolean;
}

export const runId = RUN_ID;
export const T0 = 1_763_730_000_000;
export const POOLS = ['7', '8', '9'];
export const PRICE = 25;
export const CREDIT = 1000;
/** What an operation takes on average, and half as much more or less. */
const DURATION_MS = 100;
/** Each begins every 200 ms and takes at most 150, so the operations of one never overlap. */
const SESSION_MS = 2 * DURATION_MS;

/** In one piece, as it comes out of a file: V8 only notes what a template is made of, and the first who looks at it pays. */
export const keyOf = (i: number) => Buffer.from(`onsale-${RUN_ID}-${i}`).toString('latin1');
export const buyerOf = (i: number) => `buyer-${i}`;
export const sessionsOf = ({ atOnce }: SaleSize) => (SESSION_MS * atOnce) / DURATION_MS;
/** How many operations begin in so long. */
export const startedIn = (ms: number, { atOnce }: SaleSize) => (ms * atOnce) / DURATION_MS;
/** When operation i begins, after T₀. */
export const offsetMsOf = (i: number, { atOnce }: SaleSize) =>
  Math.floor((i * DURATION_MS) / atOnce);
export const lastsMs = (i: number) => 50 + ((i * 7919) % 101);
