/** Resolved when the scenario is bundled, to the protocol of the target it is run against. */
declare module 'onsale:target' {
  import type { Protocol } from '../lib/targets/protocol.ts';
  export const protocol: Protocol;
}

/** k6's console; @types/k6 leaves it to the DOM's types, which a scenario does not have. */
declare const console: { log(text: string): void };
