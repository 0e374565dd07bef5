import { expect, it } from 'vitest'
import { scenario } from '../../core/build.ts'
import type { World } from '../../core/world.ts'
import { fakeStage } from '../../testing/fake-stage.ts'
import tinyClient from '../../testing/tiny-client.ts'
import tinyServer from '../../testing/tiny-server.ts'
import type { Interruption } from '../interrupt.ts'
import { lines } from '../progress/lines.ts'
import { traceLines } from '../progress/trace-lines.ts'
import type { Job } from './plan.ts'
import { type PlayJobsOptions, playJobs } from './play-jobs.ts'
import { worldPlayer } from './world-player.ts'

const job = (title: string): Job => ({
  scenario: scenario({ title, story: 'It is played.', devices: ['ana'], steps: [], exercised: {} }),
  world: 'sim',
  client: tinyClient,
  server: tinyServer,
  seed: 1,
})

/** A world in which only the opening of a stage can be traced. */
const world: World = {
  name: 'sim',
  about: 'a fake',
  concurrency: 1,
  open: async (setting) => {
    if (setting.scenario.title === 'Breaks') throw new Error('no port is free\nat line 1')
    setting.trace?.line('http', 1500, 'ana', 'POST /push')
    setting.trace?.line('db', 1600, 'ana', 'commit')
    return fakeStage({ setting })
  },
  close: async () => {},
}

const playersOf = (played: World) =>
  new Map([['sim', worldPlayer(played, { invariants: [], effects: new Map() })]])

const calm: Interruption = { exitCode: undefined, signalled: new Promise(() => {}), release() {} }

async function played(jobs: readonly Job[], more: Partial<PlayJobsOptions> = {}) {
  const saved: string[] = []
  const { judged, interrupted } = await playJobs({
    jobs,
    players: playersOf(world),
    progress: lines(() => {}),
    interruption: calm,
    filesOf: ({ scenario: { name } }) => ({ history: `${name}.jsonl`, replay: `replay ${name}` }),
    saveResult: (result) => saved.push(result.history),
    ...more,
  })
  return { results: judged.map(({ result }) => result), interrupted, saved }
}

it('a traced run prints the lines of the channels that are on', async () => {
  const jobs = [job('One'), job('Two')]
  const printed: string[] = []
  await played(jobs, { traceOf: traceLines(['http'], jobs, (line) => printed.push(line)) })
  expect(printed).toEqual([
    'one     1.500 s  ana     http  POST /push',
    'two     1.500 s  ana     http  POST /push',
  ])
})

it('without a trace a world receives none', async () => {
  const traces: unknown[] = []
  const open: World['open'] = (setting) => {
    traces.push(setting.trace)
    return world.open(setting)
  }
  await played([job('One')], { players: playersOf({ ...world, open }) })
  expect(traces).toEqual([undefined])
})

it('a job that throws is unknown with the reason, and the other jobs are played', async () => {
  const { results, saved } = await played([job('Breaks'), job('Two')])
  expect(results[0]).toMatchObject({
    verdict: 'unknown',
    why: 'it could not be played to its end: no port is free',
    replay: 'replay breaks',
  })
  expect(results.map(({ scenario: name }) => name)).toEqual(['breaks', 'two'])
  expect(saved).toEqual(['breaks.jsonl', 'two.jsonl'])
})

it('after a signal no further job is played, and each is reported as interrupted', async () => {
  const { results, interrupted, saved } = await played([job('One')], {
    interruption: { ...calm, exitCode: 130 },
  })
  expect(results).toEqual([])
  expect(saved).toEqual([])
  expect(interrupted).toEqual([
    {
      ...{ scenario: 'one', title: 'One', world: 'sim', client: 'tiny' },
      why: 'interrupted before it was judged',
    },
  ])
})
