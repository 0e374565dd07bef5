import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Verdict } from '../core/verdict.ts'
import { exitCode, exitCodeList, exitCodeOf, type Outcome } from './exit-codes.ts'
import { tunnelproof } from './testing/run-command.ts'

const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

it.each<[Outcome, number]>([
  ['held', 0],
  ['breached', 1],
  ['undecided', 2],
  ['badUsage', 64],
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGPIPE', 141],
])('the exit code of %s is %d: scripts and CI depend on it', (outcome, code) => {
  expect(exitCode(outcome)).toBe(code)
})

const of = (verdict: Verdict, results: readonly unknown[] = [{}]) =>
  ({ verdict, results }) as Parameters<typeof exitCodeOf>[0]

it('a verdict has an exit code', () => {
  expect(exitCodeOf(of('pass'), 'fail')).toBe(exitCode('held'))
  expect(exitCodeOf(of('fail'), 'fail')).toBe(exitCode('breached'))
  expect(exitCodeOf(of('unknown'), 'fail')).toBe(exitCode('undecided'))
})

it('--undecided warn excuses undecided runs, but no breach and no run without a scenario', () => {
  expect(exitCodeOf(of('unknown'), 'warn')).toBe(exitCode('held'))
  expect(exitCodeOf(of('fail'), 'warn')).toBe(exitCode('breached'))
  expect(exitCodeOf(of('unknown', []), 'warn')).toBe(exitCode('undecided'))
})

it('the list of exit codes has one line per code, and one for codes of equal meaning', () => {
  expect(exitCodeList().map(({ codes }) => codes)).toEqual(['0', '1', '2', '64', '130, 143', '141'])
})

it.each(['tunnelproof', 'run'])('--help of %s lists the exit codes', async (command) => {
  const argv = command === 'tunnelproof' ? ['--help'] : [command, '--help']
  const { out } = await tunnelproof('/', ...argv)
  for (const { codes, meaning } of exitCodeList()) expect(out).toContain(`${codes}  ${meaning}`)
})

it('README.md lists the exit codes', () => {
  const [, table = ''] =
    /\| exit code \| \|\n\|---\|---\|\n((?:\|.*\n)+)/.exec(textOf('../../README.md')) ?? []
  const expected = exitCodeList().map(({ codes, meaning }) => `| ${codes} | ${meaning} |\n`)
  expect(table, 'copy the lines of exitCodeList() to README.md').toBe(expected.join(''))
})

it('on an old Node, which cannot load the table, the bin exits with the same code', () => {
  expect(textOf('tunnelproof.js')).toContain(`process.exit(${exitCode('badUsage')})`)
})
