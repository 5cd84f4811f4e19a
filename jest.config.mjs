/** Tests are ES modules, like the sources; the flag they need is set by scripts/test.mjs. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/lib/', '<rootDir>/dist/', '<rootDir>/.build-check/'],
  testSequencer: '<rootDir>/scripts/heavy-first.cjs',
  // A story's worker waits while its action works: jest's own choice, one worker less than cores, leaves a core idle.
  maxWorkers: '100%',
  testTimeout: 60_000
}
