import { expect, it } from 'vitest'
import { VirtualClock } from '../core/ports/virtual-clock.ts'
import { seededRandom } from '../core/random.ts'
import type { ToxicEntry } from './entry.ts'
import { bytes } from './testing/rig.ts'
import { defineToxic, type Stub } from './toxic.ts'
import { ToxicStub } from './toxic-stub.ts'

/** A stub whose toxic passes everything on, with the calls that reach its neighbours. */
function stubUnderTest() {
  const clock = new VirtualClock()
  const calls: string[] = []
  let stub: Stub | undefined
  const toxic = defineToxic({
    type: 'probe',
    attributes: {},
    attach: () => ({
      start: (given) => {
        stub = given
        return { onChunk: (chunk, at) => given.write(chunk, at) }
      },
    }),
  })
  const entry: ToxicEntry = {
    name: 'probe',
    toxic,
    stream: 'upstream',
    direction: 'upstream',
    toxicity: 1,
    attributes: {},
  }
  const toxicStub = new ToxicStub(
    entry,
    { clock, random: seededRandom(1) },
    { pump: () => calls.push('pump') },
    {
      push: (chunk) => calls.push(`push ${chunk.length}`),
      end: () => calls.push('end'),
      hasRoom: () => true,
    },
  )
  return { clock, calls, toxicStub, toxic: () => stub as Stub }
}

type UnderTest = ReturnType<typeof stubUnderTest>

/** Functions that bring a new stub into each state. */
const REACH: Readonly<Record<string, (under: UnderTest) => void>> = {
  interrupted: () => {},
  running: ({ toxicStub }) => toxicStub.start(),
  holding: ({ toxicStub, toxic, calls }) => {
    toxicStub.start()
    toxic().hold(
      100,
      () => calls.push('then'),
      () => calls.push('onInterrupt'),
    )
  },
  closing: ({ toxicStub, toxic }) => {
    toxicStub.start()
    toxic().closeIn(100)
  },
  closed: ({ toxicStub }) => toxicStub.kill(),
}

it.each([
  ['interrupted', []],
  ['running', ['push 1', 'end']],
  ['holding', ['then', 'push 1', 'end']],
  ['closing', ['end']],
  ['closed', []],
])(
  'a stub that is %s handles a chunk and the end as toxic-stub.ts documents',
  async (state, expected) => {
    const under = stubUnderTest()
    REACH[state]?.(under)
    under.toxicStub.push(bytes(1), 0)
    under.toxicStub.end()
    await under.clock.advance(1000)
    expect(under.calls).toEqual(expected)
  },
)

it.each([
  ['interrupted', true, ['push 1']],
  ['running', true, ['push 1']],
  ['holding', true, ['onInterrupt', 'push 1']],
  ['closing', false, ['end']],
  ['closed', false, []],
])(
  'a stub that is %s handles interrupt() as toxic-stub.ts documents',
  async (state, result, expected) => {
    const under = stubUnderTest()
    REACH[state]?.(under)
    expect(under.toxicStub.interrupt()).toBe(result)
    under.toxicStub.push(bytes(1), 0)
    under.toxicStub.start()
    await under.clock.advance(1000)
    expect(under.calls).toEqual(expected)
  },
)

it.each([
  ['interrupted', true],
  ['running', true],
  ['holding', false],
  ['closing', true],
  ['closed', true],
])('hasRoom() of a stub without a buffer that is %s returns %s', (state, room) => {
  const under = stubUnderTest()
  REACH[state]?.(under)
  expect(under.toxicStub.hasRoom()).toBe(room)
})

it.each(Object.keys(REACH))('close() and kill() close a stub that is %s for good', (state) => {
  for (const end of ['close', 'kill'] as const) {
    const under = stubUnderTest()
    REACH[state]?.(under)
    under.toxicStub[end]()
    expect(under.toxicStub.interrupt()).toBe(false)
    under.toxicStub.start()
    under.toxicStub.push(bytes(1), 0)
    expect(under.calls).not.toContain('push 1')
  }
})

it('a stub pumps a waiting feeder when its hold ends, and when it is closed', async () => {
  const held = stubUnderTest()
  REACH.holding?.(held)
  held.toxicStub.hasRoom()
  await held.clock.advance(100)
  expect(held.calls).toEqual(['then', 'pump'])

  const killed = stubUnderTest()
  REACH.holding?.(killed)
  killed.toxicStub.hasRoom()
  killed.toxicStub.kill()
  killed.toxicStub.start()
  expect(killed.calls).toEqual(['pump'])
})

it('an interrupted run can still write, but neither hold nor close later', async () => {
  const { clock, calls, toxicStub, toxic } = stubUnderTest()
  toxicStub.start()
  toxicStub.interrupt()
  toxic().write(bytes(3), 0)
  toxic().hold(
    100,
    () => calls.push('then'),
    () => calls.push('onInterrupt'),
  )
  toxic().setTimer(100, () => calls.push('timer'))
  toxic().closeIn(100)
  await clock.advance(1000)
  expect(calls).toEqual(['push 3', 'onInterrupt'])
})
