// Prints 'PASSED FAILED' of a vitest run from its JSON report. Counts a skipped test as failed,
// because CI installs everything that tests need but Docker. Counts a suite that failed without a
// failed test (lint, types, a file that does not load) as one failure.
import { existsSync, readFileSync } from 'node:fs'
import process from 'node:process'

const [, , file = '', exitCode] = process.argv
if (!existsSync(file)) {
  console.error('FAILED: no test ran')
  console.log('0 1')
  process.exit()
}
const { testResults } = JSON.parse(readFileSync(file, 'utf8'))
const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
const passed = tests.filter(({ status }) => status === 'passed').length
const skipped = tests.filter(
  ({ status, fullName }) => status !== 'passed' && status !== 'failed' && !/docker/i.test(fullName),
)
for (const { fullName } of skipped) console.error(`FAILED: skipped, '${fullName}'`)
const failed = tests.filter(({ status }) => status === 'failed').length + skipped.length
console.log(passed, failed === 0 && exitCode !== '0' ? 1 : failed)
