/** The k6 that tests run: `K6_PATH`, or whatever Onsale itself would use. */
export async function k6ForTests(): Promise<string> {
  if (process.env.K6_PATH) return process.env.K6_PATH;
  throw new Error('set K6_PATH');
}
