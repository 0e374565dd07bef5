import ReconnectingWebSocket from 'reconnecting-websocket'
import { createMergeableStore } from 'tinybase'
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db'
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'
import { guest } from '../../../harness/guest/guest.ts'
import { appOn } from './app.ts'

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
  return appOn(store)
})
