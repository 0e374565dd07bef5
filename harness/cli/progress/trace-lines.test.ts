import { expect, it } from 'vitest'
import { scenario } from '../../core/build.ts'
import type { TraceChannel } from '../../core/trace.ts'
import tinyClient from '../../testing/tiny-client.ts'
import tinyServer from '../../testing/tiny-server.ts'
import type { Job } from '../execute/plan.ts'
import { traceLines } from './trace-lines.ts'

function job(title: string, world: Job['world'] = 'wire'): Job {
  const story = 'A trace is printed.'
  const quiet = scenario({ title, story, devices: ['ana', 'benjamin'], steps: [], exercised: {} })
  return { scenario: quiet, world, client: tinyClient, server: tinyServer, seed: 1 }
}

function trace(jobs: readonly Job[], ...channels: TraceChannel[]) {
  const lines: string[] = []
  return { lines, traceOf: traceLines(channels, jobs, (line) => lines.push(line)) }
}

it('a trace line shows scenario time, node, channel and what happened, in columns', () => {
  const jobs = [job('Tunnel')] as const
  const { lines, traceOf } = trace(jobs, 'http', 'timers')
  traceOf(jobs[0]).line('http', 12_345, 'ana', 'POST /push')
  traceOf(jobs[0]).line('timers', 600_000.4, 'server', 'fired')
  expect(lines).toEqual([
    '  12.345 s  ana       http    POST /push',
    ' 600.000 s  server    timers  fired',
  ])
})

it('a channel that is off prints nothing', () => {
  const jobs = [job('Tunnel')] as const
  const { lines, traceOf } = trace(jobs, 'http')
  traceOf(jobs[0]).line('db', 0, 'ana', 'commit')
  expect(traceOf(jobs[0]).has('http')).toBe(true)
  expect(traceOf(jobs[0]).has('db')).toBe(false)
  expect(lines).toEqual([])
})

it('with several scenarios each trace line begins with its scenario', () => {
  const jobs = [job('Tunnel'), job('Keep race')] as const
  const { lines, traceOf } = trace(jobs, 'http')
  for (const each of jobs) traceOf(each).line('http', 1000, 'ana', 'GET /pull')
  expect(lines).toEqual([
    'tunnel        1.000 s  ana       http  GET /pull',
    'keep-race     1.000 s  ana       http  GET /pull',
  ])
})

it('with one scenario in two worlds each trace line begins with its world', () => {
  const jobs = [job('Tunnel', 'sim'), job('Tunnel', 'wire')] as const
  const { lines, traceOf } = trace(jobs, 'http')
  traceOf(jobs[1]).line('http', 1000, 'ana', 'GET /pull')
  expect(lines).toEqual(['wire     1.000 s  ana       http  GET /pull'])
})

it('content under test cannot steer the terminal or break the line of a trace', () => {
  const jobs = [job('Tunnel')] as const
  const { lines, traceOf } = trace(jobs, 'http')
  traceOf(jobs[0]).line('http', 0, 'ana', 'POST /a\u001b[31m\nb\u202e')
  expect(lines).toEqual(['   0.000 s  ana       http  POST /a\ufffd[31m\ufffdb\ufffd'])
})
