import { expect, it } from 'vitest'
import { HeldEffects } from '../run/held-effects.ts'
import { fakeStage } from '../testing/fake-stage.ts'
import deviceCrash from './device-crash.ts'
import deviceDead from './device-dead.ts'
import { allEffects } from './testing/effects.ts'

const effects = await allEffects()
const crash = deviceCrash.spec({ device: 'ana', point: 'responding' })
const other = deviceCrash.spec({ device: 'ana', point: 'received' })
const dead = deviceDead.spec({ device: 'ana' })

function setUp() {
  const stage = fakeStage()
  return {
    stage,
    held: new HeldEffects(stage, effects),
    isRunning: () => stage.state().devices.ana?.running,
  }
}

it.each([
  ['different', crash, other],
  ['equal', crash, crash],
])('device-crash keeps an app dead if another window ends, with %s points', async (_, a, b) => {
  const { stage, held, isRunning } = setUp()
  await held.begin('a', a)
  await held.begin('b', b)
  stage.strike('a')
  await held.end('b', b)
  expect(isRunning()).toBe(false)
  await held.end('a', a)
  expect(isRunning()).toBe(true)
})

it('device-crash starts the app at its end although another window is still armed', async () => {
  const { stage, held, isRunning } = setUp()
  await held.begin('a', crash)
  await held.begin('b', other)
  stage.strike('a')
  await held.end('a', crash)
  expect(isRunning()).toBe(true)
})

it('device-crash does not start an app that a device-dead keeps dead', async () => {
  const { held, isRunning } = setUp()
  await held.begin('a', crash)
  await held.begin('b', dead)
  await held.end('a', crash)
  expect(isRunning()).toBe(false)
  await held.end('b', dead)
  expect(isRunning()).toBe(true)
})

it('device-dead does not start an app that died in a device-crash, until that ends', async () => {
  const { stage, held, isRunning } = setUp()
  await held.begin('a', crash)
  stage.strike('a')
  await held.begin('b', dead)
  await held.end('b', dead)
  expect(isRunning()).toBe(false)
  await held.end('a', crash)
  expect(isRunning()).toBe(true)
})

it('device-crash and device-dead of another device do not matter', async () => {
  const { stage, held, isRunning } = setUp()
  const ofBen = { device: 'ben' }
  await held.begin('a', crash)
  await held.begin('b', { ...crash, ...ofBen })
  await held.begin('c', { ...dead, ...ofBen })
  stage.strike('a')
  stage.strike('b')
  await held.end('a', crash)
  expect(isRunning()).toBe(true)
})
