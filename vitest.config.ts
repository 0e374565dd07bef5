import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{harness,scenarios,clients,server-stub,reports}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'reports/out/**'],
    testTimeout: 30_000,
    maxWorkers: 2,
  },
})
