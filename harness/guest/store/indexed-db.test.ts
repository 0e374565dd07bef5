import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Action } from '../../core/action.ts'
import type { Client, ClientDefinition, View } from '../../core/client.ts'
import { GuestFolder, guestCode } from '../testing/compiled.ts'
import { TestStage } from '../testing/stage.ts'

/**
 * An app whose actions are code: what stands in their content is run, with the open database, and
 * the result is shown.
 */
const APP = guestCode(`async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const open = indexedDB.open('app', 2)
  open.onupgradeneeded = () => {
    const rows = open.result.createObjectStore('rows', { keyPath: 'id' })
    rows.createIndex('byKind', 'kind')
    rows.createIndex('byTag', 'tags', { multiEntry: true })
    rows.createIndex('byCode', 'code', { unique: true })
    open.result.createObjectStore('log', { autoIncrement: true })
    open.result.createObjectStore('other')
  }
  const db = await done(open)
  const complete = (tx) => new Promise((resolve) => {
    tx.oncomplete = () => resolve('complete')
    tx.onabort = () => resolve('aborted')
  })
  let shown
  return {
    perform: async ({ content: { text } }) => {
      const run = new (async () => {}).constructor('db', 'done', 'complete', 'window', text)
      shown = await run(db, done, complete, window)
    },
    view: () => [{ collection: 'notes', id: 'n', content: { shown } }],
  }
}`)

const folder = new GuestFolder()
afterAll(() => folder.remove())
let definition: ClientDefinition
beforeAll(async () => {
  definition = await folder.load(APP)
})

/** A device whose app can be killed and started again. */
class Device {
  readonly stage = new TestStage()
  #client: Client | undefined

  async start(): Promise<this> {
    this.#client = definition.create(this.stage.ports(), { device: 'ana', user: 'ana' })
    await this.stage.settle(Promise.resolve(this.#client.start()))
    return this
  }

  /** Runs code in the app, and returns what it returns. */
  async run(text: string): Promise<unknown> {
    await this.stage.settle(this.begin(text))
    const view = (await this.#client?.view()) as View
    return view.rows[0]?.content.shown
  }

  /** Begins to run code. */
  begin(text: string): Promise<unknown> {
    const action: Action = {
      ...{ type: 'create', opId: 'a', collection: 'notes', record: 'n' },
      content: { text },
    }
    return (this.#client as Client).perform(action).saved
  }
}

const PUT = `
  const tx = db.transaction(['rows', 'log', 'other'], 'readwrite')
  tx.objectStore('rows').put({ id: 'a', kind: 1, tags: ['x', 'y'], at: new window.Date(5) })
  tx.objectStore('rows').put({ id: 'b', kind: 2, tags: ['y'], code: 'c' })
  tx.objectStore('log').add({ bytes: new Uint8Array([1, 2]) })
  tx.objectStore('other').put(new Map([['n', 1n]]), [1, new window.Date(7)])
  return complete(tx)`

it('a committed transaction survives a kill, with its indexes and numbers', async () => {
  const device = await new Device().start()
  expect(await device.run(PUT)).toBe('complete')
  await device.start()
  expect(
    await device.run(`
      const tx = db.transaction(['rows', 'log', 'other'], 'readwrite')
      const rows = tx.objectStore('rows')
      const byKind = await done(rows.index('byKind').getAllKeys())
      const byTag = await done(rows.index('byTag').getAllKeys('y'))
      const row = await done(rows.get('a'))
      const key = await done(tx.objectStore('log').add({}))
      const [entry] = await done(tx.objectStore('log').getAll())
      const [map] = await done(tx.objectStore('other').getAll())
      const keys = await done(tx.objectStore('other').getAllKeys())
      return {
        byKind, byTag, key, at: row.at.getTime(), isDate: row.at instanceof window.Date,
        bytes: [...entry.bytes], n: String(map.get('n')), date: keys[0][1].getTime(),
        version: db.version, names: [...db.objectStoreNames],
      }`),
  ).toEqual({
    ...{ byKind: ['a', 'b'], byTag: ['a', 'b'], key: 2, at: 5, isDate: true },
    ...{ bytes: [1, 2], n: '1', date: 7, version: 2, names: ['log', 'other', 'rows'] },
  })
})

it('a kill in the middle of a transaction leaves nothing of it', async () => {
  const device = await new Device().start()
  await device.run(PUT)
  const { clock } = device.stage
  void device.begin(`
    const tx = db.transaction(['rows', 'log'], 'readwrite')
    const rows = tx.objectStore('rows')
    rows.put({ id: 'half' })
    tx.objectStore('log').add({ half: true })
    rows.delete('a')
    let reads = 0
    const keepAlive = () => { rows.get('b').onsuccess = () => { if (reads++ < 5_000) keepAlive() } }
    keepAlive()
    return complete(tx)`)
  await clock.advance(2)
  await device.start()
  expect(
    await device.run(`
      const tx = db.transaction(['rows', 'log'])
      return [
        await done(tx.objectStore('rows').getAllKeys()), await done(tx.objectStore('log').count()),
      ]`),
  ).toEqual([['a', 'b'], 1])
})

it('an aborted transaction leaves nothing, also on the disk', async () => {
  const device = await new Device().start()
  await device.run(PUT)
  expect(
    await device.run(`
      const tx = db.transaction('rows', 'readwrite')
      tx.objectStore('rows').clear()
      tx.objectStore('rows').put({ id: 'c' })
      const result = complete(tx)
      tx.abort()
      return result`),
  ).toBe('aborted')
  await device.run(`
    const tx = db.transaction('rows', 'readwrite')
    tx.objectStore('rows').put({ id: 'd' })
    return complete(tx)`)
  await device.start()
  expect(
    await device.run(`
    return done(db.transaction('rows').objectStore('rows').getAllKeys())`),
  ).toEqual(['a', 'b', 'd'])
})

it('a unique index refuses a second entry, before and after a kill', async () => {
  const device = await new Device().start()
  await device.run(PUT)
  const add = `
    const tx = db.transaction('rows', 'readwrite')
    const request = tx.objectStore('rows').put({ id: 'z', code: 'c' })
    const result = complete(tx)
    request.onerror = (event) => event.stopPropagation()
    return [await result, request.error.name]`
  expect(await device.run(add)).toEqual(['aborted', 'ConstraintError'])
  await device.start()
  expect(await device.run(add)).toEqual(['aborted', 'ConstraintError'])
})

it('deletions, replacements and cleared stores survive a kill', async () => {
  const device = await new Device().start()
  await device.run(PUT)
  await device.run(`
    const tx = db.transaction(['rows', 'log'], 'readwrite')
    tx.objectStore('rows').delete(window.IDBKeyRange.lowerBound('b'))
    tx.objectStore('rows').put({ id: 'a', kind: 9 })
    tx.objectStore('log').clear()
    return complete(tx)`)
  await device.start()
  expect(
    await device.run(`
      const tx = db.transaction(['rows', 'log'])
      const rows = tx.objectStore('rows')
      return [
        await done(rows.getAll()), await done(tx.objectStore('log').count()),
        await done(rows.index('byTag').count()), await done(rows.index('byKind').getAllKeys(9)),
      ]`),
  ).toEqual([[{ id: 'a', kind: 9 }], 0, 0, ['a']])
})

it('a database is upgraded, and deleted, also on the disk', async () => {
  const device = await new Device().start()
  await device.run(PUT)
  const upgrade = `
    db.close()
    const open = window.indexedDB.open('app', 3)
    open.onupgradeneeded = () => {
      open.result.deleteObjectStore('log')
      open.transaction.objectStore('rows').deleteIndex('byKind')
      open.transaction.objectStore('rows').name = 'renamed'
    }
    const next = await done(open)
    next.close()
    return [next.version, [...next.objectStoreNames]]`
  expect(await device.run(upgrade)).toEqual([3, ['other', 'renamed']])
  const list = 'return window.indexedDB.databases()'
  expect(await device.run(list)).toEqual([{ name: 'app', version: 3 }])
  await device.run("return done(window.indexedDB.deleteDatabase('app')).then(() => 0)")
  await device.start()
  expect(await device.run('return done(db.transaction("rows").objectStore("rows").count())')).toBe(
    0,
  )
})

it('Blobs are kept, and functions refused', async () => {
  const device = await new Device().start()
  const put = (value: string) => `
    const tx = db.transaction('other', 'readwrite')
    try { tx.objectStore('other').put(${value}, 'k') } catch ({ name }) { return name }
    return complete(tx)`
  expect(await device.run(put("new window.Blob(['content'])"))).toBe('complete')
  expect(await device.run(put('{ f() {} }'))).toBe('DataCloneError')
  await device.start()
  expect(
    await device.run(
      "return (await done(db.transaction('other').objectStore('other').get('k'))).text()",
    ),
  ).toBe('content')
})

it('a listener that throws aborts its transaction, and is reported', async () => {
  const device = await new Device().start()
  expect(
    await device.run(`
      const seen = []
      window.addEventListener('error', (event) => {
        seen.push(event.message)
        event.preventDefault()
      })
      const tx = db.transaction('rows', 'readwrite')
      const request = tx.objectStore('rows').put({ id: 'x' })
      request.onsuccess = () => { throw new Error('in a listener') }
      const other = () => seen.push('removed')
      request.addEventListener('success', () => seen.push('once'), { once: true })
      request.removeEventListener('success', other)
      return [await complete(tx), seen]`),
  ).toEqual(['aborted', ['once', 'in a listener']])
})
