import process from 'node:process'
import { defineConfig } from 'vitest/config'

/** The JSON file that receives the results of all tests, for CI. */
const totals = process.env.TUNNELPROOF_TEST_TOTALS

/** Tests that take minutes together: in `.ci/run` only, because `npm test` must be quick. */
const lane = [
  'harness/cli/matrix/matrix.test.ts',
  'harness/worlds/wire/browser/browser.test.ts',
  'harness/worlds/wire/contract.real.test.ts',
  'harness/worlds/wire/program/program-server.test.ts',
  'harness/worlds/wire/streams.test.ts',
]
/**
 * Tests that start processes, threads, servers, a browser or the compiler; not in `npm run
 * test:fast`.
 */
const slow = [
  'harness/cli/{cli,hostile,interrupt,process,several-clients}.test.ts',
  'harness/cli/matrix/matrix.test.ts',
  'harness/cli/repository/{examples,package}.test.ts',
  'harness/cli/sim/player.test.ts',
  'harness/cli/testing/control-groups.test.ts',
  'harness/guest/server/played.test.ts',
  'harness/guest/{compile,host}/*.test.ts',
  'harness/guest/store/indexed-db.test.ts',
  'harness/toxiproxy/**/*.test.ts',
  'harness/worlds/sim/browser.test.ts',
  'harness/worlds/wire/**/*.test.ts',
  'reports/{matrix,viewer}/*.browser.test.ts',
  'scenarios/kill-anywhere.test.ts',
  'scenarios/silent.test.ts',
]
const all = ['{harness,scenarios,clients,server-stub,reports}/**/*.test.{ts,tsx}']
const never = ['**/node_modules/**', 'reports/out/**']

export default defineConfig({
  test: {
    testTimeout: 60_000,
    maxWorkers: 2,
    // Of tests that are marked as concurrent: each plays a scenario with four processes.
    maxConcurrency: 3,
    reporters: totals === undefined ? ['default'] : ['default', ['json', { outputFile: totals }]],
    coverage: {
      include: ['{harness,scenarios,clients,server-stub,reports}/**/*.{ts,tsx}'],
      exclude: ['**/*.{test,contract}.{ts,tsx}', '**/testing/**', 'reports/out/**'],
      reporter: ['text-summary', 'html'],
    },
    projects: [
      {
        extends: true,
        // The files of a worker share their modules: 9 s instead of 24. So no test may change the
        // state of a module.
        test: { name: 'fast', include: all, exclude: [...never, ...slow], isolate: false },
      },
      { extends: true, test: { name: 'slow', include: slow, exclude: [...never, ...lane] } },
      ...(process.env.TUNNELPROOF_LANE === undefined
        ? []
        : [{ extends: true as const, test: { name: 'lane', include: lane, exclude: never } }]),
    ],
  },
})
