import { defineConfig } from 'vitest/config';

/** The tests of the checks alone, which need no k6 and no browser: what mutation testing runs. */
export default defineConfig({ test: { include: ['test/invariants/**/*.test.ts'] } });
