import { expect, it } from 'vitest'
import { at, during, scenario } from '../../core/build.ts'
import { allEffects } from '../../effects/testing/effects.ts'
import { flaky } from '../../faults/flaky.ts'
import { allToxics } from '../../link/testing/toxics.ts'
import { play } from '../../run/play.ts'
import { worldContract } from '../../run/world.contract.ts'
import tinyClient from '../../testing/tiny-client.ts'
import tinyServer from '../../testing/tiny-server.ts'
import { send } from '../../workload/chat.ts'
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

const effects = await allEffects()

const hash = async (seed: number) => {
  const stage = await simWorld({ toxics }).open({
    scenario: story,
    client: tinyClient,
    server: tinyServer,
    seed,
    timeScale: 1,
  })
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
