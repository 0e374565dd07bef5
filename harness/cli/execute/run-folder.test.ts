import { expect, it } from 'vitest'
import { clientFileNames, historyPath } from './run-folder.ts'

it('a history has client and seed in its name only if they are given', () => {
  expect(historyPath('flaky', 'sim')).toBe('histories/sim/flaky.jsonl')
  expect(historyPath('flaky', 'wire', { seed: 7 })).toBe('histories/wire/flaky.7.jsonl')
  expect(historyPath('flaky', 'sim', { client: 'mine', seed: 7 })).toBe(
    'histories/sim/flaky.mine.7.jsonl',
  )
})

it('each client has a name of its own that cannot lead out of the folder', () => {
  const names = ['interview/naive', 'interview naive', '../../x', 'exec:python3 a.py', '../../x']
  expect([...clientFileNames(names)]).toEqual([
    ['interview/naive', 'interview-naive'],
    ['interview naive', 'interview-naive-2'],
    ['../../x', '-x'],
    ['exec:python3 a.py', 'exec-python3-a-py'],
  ])
})
