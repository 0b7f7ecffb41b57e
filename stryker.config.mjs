// `npm run mutation`: small changes to the checks, one at a time, each of which some test has to notice. All files take
// hours; `npm run mutation -- --mutate lib/invariants/peak.ts` takes one. What survives is explained in mutation/explained.
//
// Random sales are few and always the same, so that a change is noticed each time or never.
process.env.ONSALE_ORACLE_RUNS ??= '0.05';
process.env.ONSALE_ORACLE_SEED ??= '1';

export default {
  mutate: ['lib/invariants/**/*.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/invariants/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // A text says what was seen; that a finding says something is tested, not each word.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 20_000,
  incremental: true,
  incrementalFile: 'runs/mutation/measured.json',
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: 'runs/mutation/report.json' },
  tempDirName: 'runs/.stryker',
  // The sandbox needs only what the checks and their tests import. No tsconfig.json: Stryker would read it by an API
  // that TypeScript 7 no longer has.
  ignorePatterns: [
    ...[
      '.ci',
      'bench',
      'bin',
      'compose',
      'docs',
      'examples',
      'matrix',
      'mutation',
      'reports',
      'runs',
      'scenarios',
    ],
    ...['schemas', 'target', 'thresholds', 'tsconfig.json', '*.log'],
  ],
};
