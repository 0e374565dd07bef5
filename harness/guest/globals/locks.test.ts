import { expect, it } from 'vitest'
import { TestStage } from '../testing/stage.ts'

interface Locks {
  request(name: string, ...rest: unknown[]): Promise<unknown>
  query(): Promise<{ held: { name: string }[]; pending: { name: string; mode: string }[] }>
}

function opened() {
  const stage = new TestStage()
  const { locks } = stage.globals().navigator as unknown as { locks: Locks }
  const order: string[] = []
  /** Holds the lock for ten milliseconds. */
  const hold = (name: string) => async () => {
    order.push(`${name} begins`)
    await new Promise<void>((resolve) => stage.clock.after(10, resolve))
    order.push(`${name} ends`)
    return name
  }
  return { stage, locks, order, hold }
}

it('navigator.locks grants an exclusive lock to one after another', async () => {
  const { stage, locks, order, hold } = opened()
  const both = Promise.all([locks.request('l', hold('a')), locks.request('l', hold('b'))])
  await stage.clock.advance(1)
  expect(await locks.query()).toMatchObject({
    held: [{ name: 'l' }],
    pending: [{ name: 'l', mode: 'exclusive' }],
  })
  expect(await stage.settle(both)).toEqual(['a', 'b'])
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})

it('navigator.locks grants shared locks together, after a waiting exclusive one', async () => {
  const { stage, locks, order, hold } = opened()
  const shared = { mode: 'shared' }
  const all = [
    locks.request('l', shared, hold('a')),
    locks.request('l', shared, hold('b')),
    locks.request('l', hold('c')),
    locks.request('l', shared, hold('d')),
    locks.request('other', hold('e')),
  ]
  await stage.settle(Promise.all(all))
  expect(order.filter((text) => text.endsWith('begins')).join()).toBe(
    'a begins,b begins,e begins,c begins,d begins',
  )
})

it('navigator.locks releases a lock whose holder fails', async () => {
  const { stage, locks, hold } = opened()
  const failing = locks.request('l', () => Promise.reject(new Error('no')))
  const next = locks.request('l', hold('b'))
  await expect(stage.settle(failing)).rejects.toThrow('no')
  expect(await stage.settle(next)).toBe('b')
})

it('navigator.locks obeys ifAvailable, steal and signal', async () => {
  const { stage, locks, hold } = opened()
  const holder = locks.request('l', hold('a'))
  await stage.clock.advance(1)
  const isNull = (lock: unknown) => lock === null
  expect(await stage.settle(locks.request('l', { ifAvailable: true }, isNull))).toBe(true)
  const { signal, abort } = (() => {
    const controller = new AbortController()
    return { signal: controller.signal, abort: () => controller.abort(new Error('enough')) }
  })()
  const waiting = locks.request('l', { signal }, hold('b'))
  abort()
  await expect(waiting).rejects.toThrow('enough')
  const stolen = locks.request('l', { steal: true }, hold('c'))
  await expect(stage.settle(holder)).rejects.toMatchObject({ name: 'AbortError' })
  expect(await stage.settle(stolen)).toBe('c')
})

it('navigator.locks refuses wrong uses', async () => {
  const { locks } = opened()
  await expect(locks.request('-x', () => {})).rejects.toThrow(/begin with/)
  await expect(locks.request('l', { steal: true, ifAvailable: true }, () => {})).rejects.toThrow(
    /exclude/,
  )
})
