import ReconnectingWebSocket from 'reconnecting-websocket'
import { createMergeableStore } from 'tinybase'
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db'
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'
import { guest } from '../../../harness/guest/guest.ts'
import { appOn } from './app.ts'

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
  return appOn(store)
})
