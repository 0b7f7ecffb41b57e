import type { Flaw } from './flaw.ts';

/** A client that got no answer and repeats its request, as it was told it may, buys and pays twice. */
export const retryWithoutIdempotency: Flaw = {
  name: 'retry-without-idempotency',
  bug: 'Takes the Idempotency-Key and never looks at it: a repeated request is carried out again.',
  place: 'around',
  plant: (office) => ({
    ...office,
    answerOnce: async (_request, work) => ({
      ...(await work(async () => undefined)),
      replayed: false,
    }),
  }),
};
