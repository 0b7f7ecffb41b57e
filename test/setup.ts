import { k6ForTests } from './k6.ts';

/**
 * Once, before all tests: gets k6, which may take minutes on a bare machine, so that no test has to wait for it. It is
 * in the user's cache then, where tests and the commands they run find it.
 */
export default async function setup(): Promise<void> {
  await k6ForTests();
}
