import { expect, it } from 'vitest'
import { TestStage } from '../testing/stage.ts'

it('localStorage survives the incarnation, sessionStorage does not', () => {
  const stage = new TestStage()
  const before = stage.globals()
  before.localStorage.setItem('a', '1')
  before.localStorage.lone = 'surrogate \ud800'
  before.localStorage.setItem('gone', 'x')
  before.localStorage.removeItem('gone')
  const session = before.sessionStorage as unknown as typeof before.localStorage
  session.setItem('s', '1')
  const { localStorage, sessionStorage } = stage.globals()
  expect(localStorage.getItem('a')).toBe('1')
  expect(localStorage.lone).toBe('surrogate \ud800')
  expect([localStorage.getItem('gone'), localStorage.length]).toEqual([null, 2])
  expect((sessionStorage as typeof session).getItem('s')).toBe(null)
})

it('a dead incarnation writes nothing', () => {
  const stage = new TestStage()
  const dead = stage.globals()
  dead.localStorage.setItem('a', 'before')
  const alive = stage.globals()
  try {
    dead.localStorage.setItem('a', 'after')
  } catch {
    // A database that is revoked may throw.
  }
  expect(alive.localStorage.getItem('a')).toBe('before')
  expect(stage.globals().localStorage.getItem('a')).toBe('before')
})

it('the items of a Storage are properties, too', () => {
  const { localStorage } = new TestStage().globals()
  localStorage.b = 2
  localStorage.setItem('length', 'an item all the same')
  expect([localStorage.getItem('b'), localStorage.b, 'b' in localStorage]).toEqual(['2', '2', true])
  expect(localStorage.length).toBe(2)
  expect(Object.keys(localStorage)).toEqual(['b'])
  expect(localStorage.key(0)).toBe('b')
  delete localStorage.b
  expect(localStorage.b).toBeUndefined()
  localStorage.clear()
  expect(localStorage.length).toBe(0)
})

it('a Storage has a quota', () => {
  const { localStorage } = new TestStage().globals()
  localStorage.setItem('a', 'x'.repeat(5_000_000))
  expect(() => localStorage.setItem('b', 'x'.repeat(500_000))).toThrow(/quota/)
  localStorage.removeItem('a')
  localStorage.setItem('b', 'x'.repeat(500_000))
})
