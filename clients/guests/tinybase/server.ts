import { createMergeableStore } from 'tinybase'
import { createFilePersister } from 'tinybase/persisters/persister-file'
import { createWsServer } from 'tinybase/synchronizers/synchronizer-ws-server'
import { WebSocketServer } from 'ws'
import { guestServer } from '../../../harness/guest/guest.ts'

export default guestServer({ name: 'tinybase' }, async ({ port, folder }) => {
  const store = createMergeableStore()
  const persister = () => createFilePersister(store, `${folder}/store.json`)
  await persister().load()
  createWsServer(new WebSocketServer({ port }), (path) =>
    path.endsWith('app') ? persister() : undefined,
  )
  return {
    dump: () =>
      ['messages', 'notes'].flatMap((collection) =>
        Object.entries(store.getTable(collection)).map(([id, content]) => ({
          collection,
          id,
          content,
        })),
      ),
  }
})
