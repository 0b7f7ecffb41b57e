import { findK6 } from '../lib/run/k6-binary.ts';

/** Absolute path of the k6 that tests and benches run: the one that Onsale itself would use, `K6_PATH` first. */
export async function k6ForTests(): Promise<string> {
  const { path } = await findK6({
    env: process.env,
    onNote: (text) => console.error(text),
    signal: AbortSignal.timeout(900_000),
  });
  return path;
}
