import { guest } from '../../../harness/guest/guest.ts'
import { offlineApp, RECOVERY_MS } from './app.ts'

const about = {
  name: 'tanstack-offline-unkeyed',
  title: 'TanStack offline-transactions without idempotency keys: the server makes the ids',
  recovery: RECOVERY_MS,
}

export default guest(about, ({ server }) => {
  /** The server's ids of rows that this device has created. */
  const ids = new Map<string, string>()
  return offlineApp(server, {
    path: ({ type, key, collection }) =>
      type === 'insert' ? collection.id : `${collection.id}/${ids.get(key) ?? key}`,
    headers: () => ({}),
    // A message gets its id from the server, a note has the name that the person chose.
    body({ type, modified, key, collection }) {
      const isNewNote = type === 'insert' && collection.id === 'notes'
      return { ...modified, id: isNewNote ? key : undefined }
    },
    created: async (key, response) => void ids.set(key, (await response.json()).id),
    idOf: ({ record }, rows) => rows.find(({ text }) => text.includes(`⟦${record} `))?.id ?? record,
  })
})
