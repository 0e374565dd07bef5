import { expect, it } from 'vitest'
import { Heartbeat } from './heartbeat.ts'

const doing = { node: 'ana', incarnation: 1, doing: 'perform(ana-1)', since: 5000, opId: 'ana-1' }

function pair() {
  const main = new Heartbeat()
  return { main, thread: new Heartbeat(main.memory) }
}

it('a heartbeat shows the beats of the other thread', () => {
  const { main, thread } = pair()
  expect(main.beats).toBe(0)
  thread.beat()
  thread.beat()
  expect(main.beats).toBe(2)
})

it('a heartbeat shows the code that was entered, until the event loop turns', () => {
  const { main, thread } = pair()
  expect(main.inside).toBeUndefined()
  thread.enter(doing)
  thread.enter({ ...doing, node: 'zoë' })
  expect(main.inside).toEqual({ ...doing, node: 'zoë' })
  thread.leave()
  expect(main.inside).toBeUndefined()
})

it('a heartbeat shows nothing rather than half of a text that is too long', () => {
  const { main, thread } = pair()
  thread.enter({ ...doing, opId: 'x'.repeat(10_000) })
  expect(main.inside).toBeUndefined()
})
