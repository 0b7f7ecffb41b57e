/*
 * The long mode: `ONSALE_ORACLE_RUNS=1000 npx vitest run test/invariants` tries a thousand times as many random sales in
 * every property, at least a million in those against an oracle. A failure prints the seed and the smallest sale;
 * `ONSALE_ORACLE_SEED` tries it again.
 */

/** Where random sales begin: another place each time, unless `ONSALE_ORACLE_SEED` says so. */
export const SEED = Number(process.env.ONSALE_ORACLE_SEED ?? Date.now() % 0x7fff_ffff);

/** How many random sales a property tries: `usual` times `ONSALE_ORACLE_RUNS`, at least one. */
export function oracleRuns(usual: number): number {
  return Math.max(1, Math.round(usual * Number(process.env.ONSALE_ORACLE_RUNS ?? 1)));
}

/**
 * Of these one in `step`, beginning at a place that {@link SEED} and `part` choose: lists that are much alike, each with a
 * part of its own, are tried whole between them. In the long mode all.
 */
export function someOf<T>(all: readonly T[], step: number, part: number): T[] {
  if (oracleRuns(1) > 1) return [...all];
  return all.filter((_, i) => (i + SEED + part) % step === 0);
}
