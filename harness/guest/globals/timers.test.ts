import { expect, it } from 'vitest'
import { TestStage } from '../testing/stage.ts'

const stageWith = () => {
  const stage = new TestStage()
  return { stage, globals: stage.globals(), order: [] as unknown[] }
}

it('setTimeout runs once, with its arguments, at its time on the virtual clock', async () => {
  const { stage, globals, order } = stageWith()
  globals.setTimeout((a: string, b: number) => order.push(a, b, stage.clock.now()), 250, 'x', 1)
  await stage.clock.advance(249)
  expect(order).toEqual([])
  await stage.clock.advance(1000)
  expect(order).toEqual(['x', 1, 250])
})

it('clearTimeout, clearInterval and clearImmediate prevent what is scheduled', async () => {
  const { stage, globals, order } = stageWith()
  globals.clearTimeout(globals.setTimeout(() => order.push('timeout'), 1))
  globals.clearImmediate(globals.setImmediate(() => order.push('immediate')))
  const interval = globals.setInterval(() => {
    order.push('interval')
    if (order.length === 2) globals.clearInterval(interval)
  }, 10)
  await stage.clock.advance(100)
  expect(order).toEqual(['interval', 'interval'])
})

it('microtasks run before immediates, and immediates before any time passes', async () => {
  const { stage, globals, order } = stageWith()
  globals.setTimeout(() => order.push('timeout'), 1)
  globals.setImmediate(() => order.push('immediate'))
  globals.queueMicrotask(() => order.push('microtask'))
  await stage.clock.advance(0)
  expect(order).toEqual(['microtask', 'immediate'])
  await stage.clock.advance(1)
  expect(order).toEqual(['microtask', 'immediate', 'timeout'])
})

it('setTimeout keeps 32 bits of the time, as browsers do', async () => {
  const { stage, globals, order } = stageWith()
  globals.setTimeout(() => order.push('infinite'), Number.POSITIVE_INFINITY)
  globals.setTimeout(() => order.push('too long'), 2 ** 32)
  await stage.clock.advance(0)
  expect(order).toEqual(['infinite', 'too long'])
})

it('timers that set each other without a delay let time pass', async () => {
  const { stage, globals } = stageWith()
  let runs = 0
  const again = () => {
    runs++
    globals.setTimeout(again)
  }
  again()
  await stage.clock.advance(1000)
  expect(runs).toBeGreaterThan(100)
  expect(runs).toBeLessThan(300)
})

it('immediates that set each other without an end let time pass', async () => {
  const { stage, globals } = stageWith()
  let runs = 0
  const again = () => {
    runs++
    globals.setImmediate(again)
  }
  again()
  await stage.clock.advance(2)
  expect(runs).toBeGreaterThan(500)
  expect(runs).toBeLessThan(5000)
})

it('reports what a timer or a microtask throws, and the others still run', async () => {
  const { stage, globals, order } = stageWith()
  globals.setTimeout(() => {
    throw new Error('in a timer')
  }, 1)
  globals.queueMicrotask(() => {
    throw new Error('in a microtask')
  })
  globals.setTimeout(() => order.push('after'), 2)
  await stage.clock.advance(10)
  expect(stage.errors.map(String)).toEqual(['Error: in a microtask', 'Error: in a timer'])
  expect(order).toEqual(['after'])
})

it('requestAnimationFrame and requestIdleCallback run soon, with their arguments', async () => {
  const { stage, globals, order } = stageWith()
  const { requestAnimationFrame, requestIdleCallback } = globals as unknown as Record<
    string,
    (task: (argument: never) => void) => number
  >
  requestAnimationFrame?.((at: number) => order.push(at))
  requestIdleCallback?.((deadline: { timeRemaining(): number }) =>
    order.push(deadline.timeRemaining() > 0),
  )
  await stage.clock.advance(100)
  expect(order).toEqual([true, 16])
})

it('a dead incarnation has no timers', async () => {
  const { stage, globals, order } = stageWith()
  globals.setTimeout(() => order.push('dead'), 10)
  stage.globals()
  globals.setTimeout(() => order.push('dead'), 10)
  await stage.clock.advance(100)
  expect(order).toEqual([])
})
