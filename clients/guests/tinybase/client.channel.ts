import ReconnectingWebSocket from 'reconnecting-websocket'
import { createMergeableStore } from 'tinybase'
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db'
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'
import { guest } from '../../../harness/guest/guest.ts'

const about = {
  name: 'tinybase-channel',
  title: 'TinyBase as in client.ts, but on a channel, and created again until the server is there',
}

export default guest(about, async ({ server }) => {
  const store = createMergeableStore()
  await createIndexedDbPersister(store, 'app').startAutoPersisting()
  const synchronise = async () => {
    const socket = new ReconnectingWebSocket(`${server.replace('http', 'ws')}/phones`, 'tinybase')
    const synchronizer = await createWsSynchronizer(store, socket as unknown as WebSocket, 'app')
    await synchronizer.startSync()
    socket.addEventListener('open', () => {
      synchronizer.load().then(() => synchronizer.save())
    })
  }
  const start = () => void synchronise().catch(() => setTimeout(start, 5000))
  start()
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
