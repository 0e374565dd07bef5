import { expect, it } from 'vitest'
import { restorePlatformPromise } from './platform-promise.ts'
import { Realm, type RealmPorts } from './realm.ts'

it('restorePlatformPromise puts back what a library has replaced', () => {
  const { resolve } = Promise
  Promise.resolve = (() => 'replaced') as never
  restorePlatformPromise()
  expect(Promise.resolve).toBe(resolve)
})

it('a realm that is entered after another one finds the platform’s Promise', () => {
  const { all } = Promise
  const [ana, ben] = [new Realm({} as RealmPorts), new Realm({} as RealmPorts)]
  const seen: boolean[] = []
  ana.enter(() => {
    Promise.all = (() => 'replaced') as never
  })
  ana.enter(() => void seen.push(Promise.all === all))
  ben.enter(() => void seen.push(Promise.all === all))
  expect(seen).toEqual([false, true])
})
