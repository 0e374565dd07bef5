import { expect, it } from 'vitest'
import { at, during, scenario } from '../../core/build.ts'
import type { Event } from '../../core/event.ts'
import type { ServerDefinition } from '../../core/server.ts'
import type { LogLine } from '../../core/world.ts'
import { allEffects } from '../../effects/testing/effects.ts'
import { flaky } from '../../faults/flaky.ts'
import { allToxics } from '../../link/testing/toxics.ts'
import { play } from '../../run/play.ts'
import { worldContract } from '../../run/world.contract.ts'
import tinyClient from '../../testing/tiny-client.ts'
import tinyServer from '../../testing/tiny-server.ts'
import { send } from '../../workload/chat.ts'
import { hookConsole } from '../host/console-log.ts'
import type { Doing } from './doing.ts'
import { simWorld } from './index.ts'

const toxics = await allToxics()
const onUncaught = (handler: (error: unknown) => void) => {
  process.on('unhandledRejection', handler)
  return () => void process.off('unhandledRejection', handler)
}

worldContract('sim', async () => simWorld({ toxics, onUncaught }), 1)

const story = scenario({
  title: 'Flaky',
  story: 'Much chance is involved.',
  devices: ['ana', 'ben'],
  steps: [
    during('1s', '60s', flaky('ana', { resets: 0.5 })),
    at('5s', send('ana', 'one')),
    at('9s', send('ana', 'two')),
    at('20s', send('ben', 'three')),
  ],
  exercised: { serverCommits: 3 },
})

const played = { scenario: story, client: tinyClient, server: tinyServer, timeScale: 1 }
const effects = await allEffects()

const hash = async (seed: number) => {
  const stage = await simWorld({ toxics }).open({ ...played, seed })
  const history = await play(stage, story, { effects, recovery: 10_000 })
  await stage.close()
  return history.hash()
}

it('the sim records equal histories for equal seeds, and others for other seeds', async () => {
  const seeds = Array.from({ length: 20 }, (_, i) => i)
  const [first, second] = [await Promise.all(seeds.map(hash)), [] as string[]]
  for (const seed of seeds) second.push(await hash(seed))
  expect(second).toEqual(first)
  expect(new Set(first).size).toBe(seeds.length)
})

it('the sim passes on each event at once, and names the code that it is about to run', async () => {
  const events: Event[] = []
  const entered: Doing[] = []
  const world = simWorld({
    toxics,
    onEvent: (event) => events.push(event),
    onEnter: (doing) => entered.push(doing),
  })
  const stage = await world.open({ ...played, seed: 1 })
  expect(events.map(({ type }) => type)).toContain('start')
  const history = await play(stage, story, { effects, recovery: 10_000 })
  await stage.close()
  expect(events).toEqual(history.all)
  expect(entered[0]).toEqual({ node: 'server', incarnation: 1, doing: 'create', since: 0 })
  expect(entered).toContainEqual({
    node: 'ana',
    incarnation: 1,
    doing: 'perform(ana-2)',
    since: 9000,
    opId: 'ana-2',
  })
  const kinds = new Set(entered.map(({ doing }) => doing.replace(/[(].*|ana-r.*|ben-r.*/, '')))
  expect([...kinds].sort()).toEqual(
    ['a timer', 'create', 'dump', 'handle', 'perform', 'start', 'the end of ', 'view'].sort(),
  )
})

it('the sim refuses a server that does not start', async () => {
  const server: ServerDefinition = {
    ...tinyServer,
    create: () => {
      throw new Error('no database')
    },
  }
  await expect(simWorld({ toxics }).open({ ...played, server, seed: 1 })).rejects.toThrow(
    'the server does not start: no database',
  )
})

it('the sim ends an app that spins on its clock, and starts it again after healing', async () => {
  const spinning = scenario({
    title: 'Spin',
    story: 'An app sets timers that do not wait.',
    devices: ['ana', 'ben'],
    steps: [
      at('5s', send('ana', 'spins on its clock')),
      at('8s', send('ana', 'to a dead app')),
      at('9s', send('ben', 'I am fine')),
    ],
    healAt: '15s',
    exercised: {},
  })
  const stage = await simWorld({ toxics }).open({ ...played, scenario: spinning, seed: 1 })
  const history = await play(stage, spinning, { effects, recovery: 10_000 })
  await stage.close()
  expect(history.of('freeze')).toMatchObject([
    {
      node: 'ana',
      t: 5000,
      incarnation: 1,
      doing: 'a timer',
      sign: 'more than 10000 timers at one instant',
      since: 5000,
      opId: 'ana-1',
    },
  ])
  expect(history.of('crash')).toMatchObject([{ node: 'ana', incarnation: 1, by: 'harness' }])
  expect(history.operation('ana-2')?.refused?.reason).toBe('the app is not running')
  expect(history.of('start', 'ana')).toHaveLength(2)
  expect(history.operations.map(({ commits }) => commits.length)).toEqual([1, 0, 1])
})

it('the sim writes console output and stacks to the log, and nothing to the console', async () => {
  const story = scenario({
    title: 'Chatter',
    story: 'An app prints, then it crashes.',
    devices: ['ana', 'ben'],
    steps: [at('5s', send('ana', 'chatters')), at('6s', send('ben', 'throws in a timer'))],
    healAt: '15s',
    exercised: {},
  })
  const lines: LogLine[] = []
  const printed: unknown[] = []
  const unhook = hookConsole((_level, args) => printed.push(args) > 0)
  try {
    const stage = await simWorld({ toxics }).open({
      ...played,
      scenario: story,
      seed: 1,
      log: (line) => lines.push(line),
    })
    await play(stage, story, {
      effects,
      recovery: 10_000,
      onPhase: (phase) => console.log(phase),
    })
    await stage.close()
  } finally {
    unhook()
  }
  expect(printed).toEqual([['act'], ['heal'], ['settle'], ['read'], ['end']])
  expect(lines).toEqual([
    { node: 'ana', incarnation: 1, t: 5000, text: 'ana says 100 % { chatters: true }' },
    { node: 'ana', incarnation: 1, t: 5000, text: expect.stringContaining('    at ') },
    { node: 'ben', incarnation: 1, t: 6001, text: expect.stringContaining('tiny-client.ts') },
  ])
})
