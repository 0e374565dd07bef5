// A row waits to be created. The first list that brings rows replaces all of them: the row is gone
// from the screen and from persistence, and its retry gives up because there is nothing to send.
const kept = new Map()
globalThis.localStorage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
}
const { observable, syncState } = await import('@legendapp/state')
const { ObservablePersistLocalStorage } = await import(
  '@legendapp/state/persist-plugins/local-storage'
)
const { syncedCrud } = await import('@legendapp/state/sync-plugins/crud')
const { conclude, lossyServer, until } = await import('../lossy-server.mjs')

const rows = []
const server = await lossyServer((method, _, row) => {
  if (method === 'GET') return rows
  rows.push({ ...row, createdAt: 2, updatedAt: 2 })
  return rows.at(-1)
})
let isDown = false
const call = async (method, row) => {
  if (isDown && method !== 'GET') throw new Error('no connection')
  return (await fetch(server.url, { method, ...(row && { body: JSON.stringify(row) }) })).json()
}
let refresh
const messages$ = observable(
  syncedCrud({
    list: () => call('GET'),
    create: (row) => call('POST', row),
    update: (row) => call('PUT', row),
    subscribe: (on) => {
      refresh = on.refresh
    },
    persist: { plugin: ObservablePersistLocalStorage, name: 'messages', retrySync: true },
    retry: { infinite: true },
    changesSince: 'last-sync',
    fieldCreatedAt: 'createdAt',
    fieldUpdatedAt: 'updatedAt',
  }),
)
messages$.get()
await until(() => refresh && syncState(messages$).isLoaded.peek())
isDown = true
messages$.m1.set({ id: 'm1', text: 'mine' })
await until(() => kept.get('messages__m')?.includes('mine'))
rows.push({ id: 'm2', text: 'theirs', createdAt: 1, updatedAt: 1 })
refresh()
await until(() => messages$.m2.peek())
isDown = false
await new Promise((resolve) => setTimeout(resolve, 8000)) // its retries come within 1, 2 and 4 s

const shown = Object.keys(messages$.peek())
conclude(
  shown.join() === 'm2' && rows.length === 1 && !kept.get('messages').includes('mine'),
  `Written on this device: m1. Shown: ${shown}. On the server: ${rows.map(({ id }) => id)}.`,
  `In localStorage: ${kept.get('messages')}`,
)
