import ReconnectingWebSocket from 'reconnecting-websocket'
import { createMergeableStore } from 'tinybase'
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db'
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'
import { guest } from '../../../harness/guest/guest.ts'

const about = {
  name: 'tinybase',
  title: 'TinyBase: a MergeableStore in IndexedDB, synchronised over a ReconnectingWebSocket',
}

export default guest(about, async ({ server }) => {
  const store = createMergeableStore()
  await createIndexedDbPersister(store, 'app').startAutoPersisting()
  const socket = new ReconnectingWebSocket(`${server.replace('http', 'ws')}/app`)
  createWsSynchronizer(store, socket as unknown as WebSocket).then(async (synchronizer) => {
    await synchronizer.startSync()
    socket.addEventListener('open', () => {
      synchronizer.load().then(() => synchronizer.save())
    })
  })
  return {
    async perform(action) {
      if (action.type === 'create' || action.type === 'update') {
        store.setPartialRow(action.collection, action.record, action.content as never)
      } else if (action.type === 'delete') {
        store.delRow(action.collection, action.record)
      }
    },
    view: () =>
      ['messages', 'notes'].flatMap((collection) =>
        Object.entries(store.getTable(collection)).map(([id, content]) => ({
          collection,
          id,
          content,
        })),
      ),
  }
})
