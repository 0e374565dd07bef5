import { Worker } from 'node:worker_threads'
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

it('a heartbeat never shows a text that is being written', async () => {
  const main = new Heartbeat()
  const writer = new Worker(
    `const { workerData } = require('node:worker_threads')
     const numbers = new Int32Array(workerData, 0, 4)
     const text = new Uint8Array(workerData, 16)
     const encoder = new TextEncoder()
     Atomics.store(numbers, 1, 1)
     for (let i = 0; Atomics.load(numbers, 0) === 0; i++) {
       Atomics.add(numbers, 3, 1)
       const { written } = encoder.encodeInto(JSON.stringify({ doing: 'x'.repeat(i % 90) }), text)
       Atomics.store(numbers, 2, written)
       Atomics.add(numbers, 3, 1)
     }`,
    { eval: true, workerData: main.memory },
  )
  let seen = 0
  while (seen < 500) {
    for (let i = 0; i < 1000; i++) if (main.inside) seen++
    // The other thread starts while this one waits.
    await new Promise((resolve) => setImmediate(resolve))
  }
  main.beat()
  await new Promise((resolve) => writer.once('exit', resolve))
  expect(main.inside).toBeDefined()
})
