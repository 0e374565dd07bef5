import { automergeWasmBase64 } from '@automerge/automerge/automerge.wasm.base64'
import { type AutomergeUrl, initializeBase64Wasm, Repo } from '@automerge/automerge-repo/slim'
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket'
import { IndexedDBStorageAdapter } from '@automerge/automerge-repo-storage-indexeddb'
import { guest } from '../../../harness/guest/guest.ts'
import { type App, URL_OF_DOCUMENT } from './document.ts'

const about = {
  name: 'automerge',
  title: 'Automerge Repo with its WebSocket and IndexedDB adapters: one document',
}

export default guest(about, async ({ server }) => {
  await initializeBase64Wasm(automergeWasmBase64)
  const repo = new Repo({
    storage: new IndexedDBStorageAdapter('app'),
    network: [new WebSocketClientAdapter(server.replace('http', 'ws'))],
  })
  // A phone that has never been online has no document yet: it waits for the server's.
  const handle = await repo.find<App>(URL_OF_DOCUMENT as AutomergeUrl, {
    allowableStates: ['ready', 'unavailable'],
  })
  return {
    async perform(action) {
      if (action.type === 'refresh' || action.type === 'cancel') return
      await handle.whenReady()
      handle.change((doc) => {
        const rows = doc[action.collection as keyof App]
        if (action.type === 'create') rows[action.record] = { ...action.content }
        else if (action.type === 'delete') delete rows[action.record]
        else Object.assign(rows[action.record] ?? {}, action.content)
      })
    },
    view() {
      if (!handle.isReady()) return undefined
      return Object.entries(handle.doc()).flatMap(([collection, rows]) =>
        Object.entries(rows).map(([id, content]) => ({ collection, id, content })),
      )
    },
  }
})
