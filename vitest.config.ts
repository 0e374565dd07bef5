import process from 'node:process'
import { defineConfig } from 'vitest/config'

/** Where CI wants the totals as data. */
const totals = process.env.TUNNELPROOF_TEST_TOTALS

export default defineConfig({
  test: {
    include: ['{harness,scenarios,clients,server-stub,reports}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'reports/out/**'],
    testTimeout: 60_000,
    maxWorkers: 2,
    reporters: totals === undefined ? ['default'] : ['default', ['json', { outputFile: totals }]],
  },
})
