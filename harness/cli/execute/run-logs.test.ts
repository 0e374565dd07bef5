import { expect, it } from 'vitest'
import { RunLogs } from './run-logs.ts'

const line = { node: 'ana', incarnation: 1, t: 12_345, text: 'sending' }

it('a run without output has no logs', () => {
  const logs = new RunLogs()
  logs.begin()
  expect(logs.files.size).toBe(0)
})

it('each incarnation of a node has a log, with the scenario time of each line', () => {
  const logs = new RunLogs()
  const log = logs.begin()
  log(line)
  log({ ...line, node: 'server', t: 600_000, text: 'Error: disk full\n    at write' })
  log({ ...line, incarnation: 2, text: 'again' })
  log({ ...line, text: 'sent' })
  expect([...logs.files]).toEqual([
    ['ana.1.log', '  12.345 s  sending\n  12.345 s  sent\n'],
    ['server.1.log', ' 600.000 s  Error: disk full\n                at write\n'],
    ['ana.2.log', '  12.345 s  again\n'],
  ])
})

it('the last picture of an incarnation is a file beside its log', () => {
  const logs = new RunLogs()
  const log = logs.begin()
  log(line)
  log({ ...line, text: '', picture: Uint8Array.of(1) })
  log({ ...line, text: '', picture: Uint8Array.of(2) })
  expect([...logs.files]).toEqual([
    ['ana.1.log', '  12.345 s  sending\n'],
    ['ana.1.png', Uint8Array.of(2)],
  ])
})

it('the log of an attempt replaces that of the attempt before', () => {
  const logs = new RunLogs()
  const [first, second] = [logs.begin(), logs.begin()]
  second(line)
  first({ ...line, text: 'late' })
  expect([...logs.files.values()]).toEqual(['  12.345 s  sending\n'])
})

it('a log that does not end is cut, and says so', () => {
  const logs = new RunLogs()
  const log = logs.begin()
  for (let i = 0; i < 30; i++) log({ ...line, text: 'x'.repeat(100_000) })
  const text = String([...logs.files.values()][0])
  expect(text.length).toBeLessThan(1_000_100)
  expect(text).toMatch(/\n\(cut after 1000000 characters\)\n$/)
})

it('the name of a node cannot lead out of the folder', () => {
  const logs = new RunLogs()
  logs.begin()({ ...line, node: '../../ana' })
  expect([...logs.files.keys()]).toEqual(['.._.._ana.1.log'])
})
