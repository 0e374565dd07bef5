import { expect, it } from 'vitest'
import { at, during, from, type ScenarioDraft, scenario } from '../core/build.ts'
import { allEffects } from '../effects/testing/effects.ts'
import { clockSkew } from '../faults/clock-skew.ts'
import { lieFi } from '../faults/lie-fi.ts'
import { serverCrash } from '../faults/server-crash.ts'
import { tunnel } from '../faults/tunnel.ts'
import { fakeStage } from '../testing/fake-stage.ts'
import tinyClient from '../testing/tiny-client.ts'
import tinyServer from '../testing/tiny-server.ts'
import { send } from '../workload/chat.ts'
import { play } from './play.ts'

const effects = await allEffects()

async function callsOf(steps: ScenarioDraft['steps']): Promise<string[]> {
  const story = scenario({
    title: 'Played',
    story: 'Steps are carried out.',
    devices: ['ana'],
    steps,
    healAt: '1m',
    exercised: {},
  })
  const stage = fakeStage({
    setting: { scenario: story, client: tinyClient, server: tinyServer, seed: 1, timeScale: 1 },
  })
  await play(stage, story, { effects, recovery: 0 })
  return [...stage.calls]
}

const READING = ['server start', 'ana start', 'ana view', 'server dump']

it('play carries out the steps, heals what still holds, and reads every replica', async () => {
  expect(await callsOf([at('2s', send('ana', 'hi')), from('1s', tunnel('ana'))])).toEqual([
    'ana {"online":false}',
    'ana link down',
    'ana ana-1',
    'ana {"online":true}',
    'ana link up',
    ...READING,
  ])
})

it('play holds an effect until the last of the overlapping faults ends', async () => {
  expect(
    await callsOf([
      during('1s', '5s', tunnel('ana')),
      during('3s', '9s', tunnel('ana')),
      at('6s', send('ana', 'still inside')),
    ]),
  ).toEqual([
    'ana {"online":false}',
    'ana link down',
    'ana ana-1',
    'ana {"online":true}',
    'ana link up',
    ...READING,
  ])
})

it('play adds overlapping toxics, each under its own name', async () => {
  const log = await callsOf([during('1s', '5s', lieFi('ana')), during('3s', '9s', lieFi('ana'))])
  const names = log.filter((line) => line.startsWith('ana +')).map((line) => line.split(' ').at(-1))
  expect(new Set(names).size).toBe(4)
  expect(log.filter((line) => line.startsWith('ana -')).map((line) => line.slice(5))).toEqual(names)
})

it('play adds different skews of one clock, and removes each by itself', async () => {
  const log = await callsOf([
    during('1s', '5s', clockSkew('ana', 'ahead', '1h')),
    during('3s', '9s', clockSkew('ana', 'behind', '2h')),
  ])
  expect(log.filter((line) => line.includes('skew'))).toEqual([
    'ana {"skew":3600000}',
    'ana {"skew":-3600000}',
    'ana {"skew":-7200000}',
    'ana {"skew":0}',
  ])
})

it('play disarms a server crash when its fault ends, and starts the server', async () => {
  expect(await callsOf([during('1s', '5s', serverCrash('after-commit'))])).toEqual([
    'server crashes after-commit',
    'server crashes never',
    'server start',
    ...READING,
  ])
})
