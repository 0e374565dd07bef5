import { expect, it } from 'vitest'
import { withFired } from '../core/server-state.ts'
import { HeldEffects } from '../run/held-effects.ts'
import { fakeStage } from '../testing/fake-stage.ts'
import serverCrash from './server-crash.ts'
import { allEffects } from './testing/effects.ts'

const effects = await allEffects()
const [before, after] = [
  serverCrash.spec({ point: 'before-commit' }),
  serverCrash.spec({ point: 'after-commit' }),
]
const dead = { effect: 'server-dead' }

function setUp() {
  const stage = fakeStage()
  return {
    stage,
    held: new HeldEffects(stage, effects),
    windows: () => stage.state().server.crashes.map(({ window }) => window),
    isRunning: () => stage.state().server.running,
    /** The server dies in this window. */
    die: async (window: string) => {
      stage.server.set(withFired(await stage.server.state(), window))
      await stage.server.kill()
    },
  }
}

it('server-crash arms a crash in begin; disarms it and starts the server in end', async () => {
  const { stage, held } = setUp()
  await held.begin('a', before)
  await held.end('a', before)
  expect(stage.calls).toEqual([
    'server crashes before-commit',
    'server crashes never',
    'server start',
  ])
})

it.each([
  ['before-commit', 'received', 'before'],
  ['after-commit', 'responding', 'after'],
] as const)(
  'server-crash at %s is at the gateway if the server has no checkpoints: %s',
  async (point, at, moment) => {
    const stage = fakeStage({ tells: 'holdings' })
    const held = new HeldEffects(stage, effects)
    await held.begin('a', serverCrash.spec({ point }))
    expect(stage.state().server.crashes).toEqual([{ window: 'a', at, fired: false }])
    expect(stage.state().interceptions).toEqual({
      a: {
        match: { marked: true },
        act: { type: 'kill', moment, node: 'server', window: 'a' },
      },
    })
    await held.end('a', serverCrash.spec({ point }))
    expect(stage.state().interceptions).toEqual({})
  },
)

it.each([
  ['different', before, after],
  ['equal', before, before],
])('server-crash arms each of two overlapping windows, with %s points', async (_, one, two) => {
  const { held, windows } = setUp()
  await held.begin('a', one)
  await held.begin('b', two)
  expect(windows()).toEqual(['a', 'b'])
  await held.end('a', one)
  expect(windows()).toEqual(['b'])
  await held.end('b', two)
  expect(windows()).toEqual([])
})

it('server-crash does not start a server that died in a window which still holds', async () => {
  const { held, die, isRunning } = setUp()
  await held.begin('a', before)
  await held.begin('b', after)
  await die('a')
  await held.end('b', after)
  expect(isRunning()).toBe(false)
  await held.end('a', before)
  expect(isRunning()).toBe(true)
})

it('server-crash starts the server although another window is still armed', async () => {
  const { held, die, isRunning, windows } = setUp()
  await held.begin('a', before)
  await held.begin('b', before)
  await die('a')
  await held.end('a', before)
  expect(isRunning()).toBe(true)
  expect(windows()).toEqual(['b'])
})

it('server-crash does not start the server in end while a server-dead holds', async () => {
  const { held, isRunning } = setUp()
  await held.begin('a', before)
  await held.begin('b', dead)
  await held.end('a', before)
  expect(isRunning()).toBe(false)
  await held.end('b', dead)
  expect(isRunning()).toBe(true)
})

it('server-dead does not start a server that died in a crash window, until that ends', async () => {
  const { held, die, isRunning } = setUp()
  await held.begin('a', before)
  await die('a')
  await held.begin('b', dead)
  await held.end('b', dead)
  expect(isRunning()).toBe(false)
  await held.end('a', before)
  expect(isRunning()).toBe(true)
})
