/** "Could not run", exit code 4, as one readable error. */
export class LaunchFailure extends Error {}

export function giveUp(what, remedy) {
  throw new LaunchFailure(`${what}\n  to do:  ${remedy}`);
}
