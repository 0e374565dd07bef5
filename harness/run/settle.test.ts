import { describe, expect, it } from 'vitest'
import { at, type ScenarioDraft, scenario } from '../core/build.ts'
import type { ClientDefinition } from '../core/client.ts'
import { sleep } from '../core/ports/clock.ts'
import type { ServerDefinition } from '../core/server.ts'
import { allEffects } from '../effects/testing/effects.ts'
import { hadTimeToRecover } from '../invariants/reading/recovery-time.ts'
import { allToxics } from '../link/testing/toxics.ts'
import tinyClient from '../testing/tiny-client.ts'
import tinyServer from '../testing/tiny-server.ts'
import { send } from '../workload/chat.ts'
import { simWorld } from '../worlds/sim/index.ts'
import { play } from './play.ts'

const effects = await allEffects()
const world = simWorld({ toxics: await allToxics() })
const RECOVERY_MS = 10_000

/** The tiny client, which also asks the server for news at this interval. */
const polling = (everyMs: number): ClientDefinition => ({
  ...tinyClient,
  create: (ports, identity) => {
    const client = tinyClient.create(ports, identity)
    const poll = async () => {
      for (;;) {
        await ports.http.request({ method: 'GET', path: '/items', deadline: 1000 }).catch(() => {})
        await sleep(ports.clock, everyMs)
      }
    }
    return {
      start: () => {
        void poll()
        return client.start()
      },
      perform: (action) => client.perform(action),
      view: () => client.view(),
      stop: () => client.stop(),
    }
  },
})

/** The tiny server, which has an answer to every poll. */
const server: ServerDefinition = {
  ...tinyServer,
  create: (ports, setup) => {
    const { handle, dump } = tinyServer.create(ports, setup)
    return {
      handle: async (request) =>
        request.method === 'GET' ? { status: 200, headers: {}, body: '[]' } : handle(request),
      dump,
    }
  },
}

async function settled(client: ClientDefinition, draft: Partial<ScenarioDraft> = {}) {
  const story = scenario({
    title: 'Settling',
    story: 'A message is sent, and then nothing happens.',
    devices: ['ana'],
    steps: [at('1s', send('ana', 'hello'))],
    healAt: '5s',
    exercised: {},
    ...draft,
  })
  const stage = await world.open({
    scenario: story,
    client,
    server,
    seed: 1,
    timeScale: 1,
  })
  const history = await play(stage, story, { effects, recovery: RECOVERY_MS })
  await stage.close()
  const [begin, read] = [history.phase('settle'), history.phase('read')]
  return { history, ms: (read?.t ?? 0) - (begin?.t ?? 0), atRest: read?.atRest }
}

describe('settling', () => {
  it('ends once nothing has happened for the declared recovery', async () => {
    const { history, ms, atRest } = await settled(polling(3000))
    expect(atRest).toBe(true)
    expect(ms).toBeGreaterThanOrEqual(RECOVERY_MS)
    expect(ms).toBeLessThan(2 * RECOVERY_MS)
    expect(history.operation('ana-1')?.commits).toHaveLength(1)
  })

  it('waits for a poll of each device, even if it comes after the declared recovery', async () => {
    const { ms, atRest } = await settled(polling(25_000))
    expect(atRest).toBe(true)
    expect(ms).toBeGreaterThan(15_000)
    expect(ms).toBeLessThan(30_000)
  })

  it('lasts its whole time if a device never asks the server', async () => {
    expect(await settled(tinyClient)).toMatchObject({ ms: 120_000, atRest: undefined })
  })

  it('lasts its whole time if the scenario asks for more than the default', async () => {
    expect(await settled(polling(3000), { settle: '3m' })).toMatchObject({
      ms: 180_000,
      atRest: undefined,
    })
  })

  it('lasts its whole time if an operation is stuck', async () => {
    const { history, ms, atRest } = await settled(forgetting)
    expect(history.operation('ana-1')?.commits).toEqual([])
    expect({ ms, atRest }).toEqual({ ms: 120_000, atRest: undefined })
  })

  it('gives a client time to recover if it ends at rest', async () => {
    const { history } = await settled(polling(3000))
    expect(hadTimeToRecover(history)).toBe(true)
  })
})

/** Accepts a message, shows nothing of it, and never sends it. */
const forgetting: ClientDefinition = {
  ...polling(3000),
  create: (ports, identity) => {
    const client = polling(3000).create(ports, identity)
    return {
      start: () => client.start(),
      perform: () => ({ saved: Promise.resolve({ durable: true }) }),
      view: () => ({ rows: [] }),
      stop: () => client.stop(),
    }
  },
}
