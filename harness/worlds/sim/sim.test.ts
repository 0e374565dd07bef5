import { expect, it } from 'vitest'
import { at, during, scenario } from '../../core/build.ts'
import type { Event } from '../../core/event.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { allEffects } from '../../effects/testing/effects.ts'
import { flaky } from '../../faults/flaky.ts'
import { allToxics } from '../../link/testing/toxics.ts'
import { play } from '../../run/play.ts'
import { worldContract } from '../../run/world.contract.ts'
import tinyClient from '../../testing/tiny-client.ts'
import tinyServer from '../../testing/tiny-server.ts'
import { send } from '../../workload/chat.ts'
import type { Doing } from './doing.ts'
import { simWorld } from './index.ts'

const toxics = await allToxics()
const onUnhandledRejection = (handler: (error: unknown) => void) => {
  process.on('unhandledRejection', handler)
  return () => void process.off('unhandledRejection', handler)
}

worldContract('sim', async () => simWorld({ toxics, onUnhandledRejection }), 1)

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
