import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // As a file with an API of one's own finds it.
    alias: [
      { find: /^onsale$/, replacement: join(import.meta.dirname, 'lib/targets/own/module.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/setup.ts',
    // Many tests run k6, PostgreSQL or a browser; more of them at once only take turns on two cores.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
