// The messages that the server may not have, in IndexedDB. Used by the page and its worker.
globalThis.outbox = (() => {
  const result = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const opening = indexedDB.open('chat', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('outbox', { keyPath: 'id' })
  const database = result(opening)
  const store = async (mode) => (await database).transaction('outbox', mode).objectStore('outbox')
  const all = async () => result((await store('readonly')).getAll())
  return {
    all,
    add: async (message) => result((await store('readwrite')).put(message)),
    /**
     * Sends each message under its own id: the server stores it once, however often it comes. Of
     * page and worker, only one sends at a time.
     */
    send: () =>
      navigator.locks.request('send', async () => {
        for (const { id, text } of await all()) {
          const response = await fetch(`/messages/${id}`, { method: 'PUT', body: text })
          if (!response.ok) throw new Error(`PUT: ${response.status}`)
          await result((await store('readwrite')).delete(id))
        }
      }),
  }
})()
