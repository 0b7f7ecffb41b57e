/*
 * The long mode: `ONSALE_ORACLE_RUNS=1000 npx vitest run test/invariants` tries a thousand times as many random sales in
 * every property, at least a million in those against an oracle. A failure prints the seed and the smallest sale;
 * `ONSALE_SEED` tries it again.
 */

/** Where random sales begin: another place each time, unless `ONSALE_SEED` says so. */
export const SEED = Number(process.env.ONSALE_SEED ?? Date.now() % 0x7fff_ffff);

/** How many random sales a property tries: `usual` times `ONSALE_ORACLE_RUNS`, at least one. */
export function oracleRuns(usual: number): number {
  return Math.max(1, Math.round(usual * Number(process.env.ONSALE_ORACLE_RUNS ?? 1)));
}
