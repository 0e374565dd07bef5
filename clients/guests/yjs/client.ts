import { IndexeddbPersistence } from 'y-indexeddb'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { type Action, guest } from '../../../harness/guest/guest.ts'

type Content = Extract<Action, { type: 'create' }>['content']

const about = {
  name: 'yjs',
  title: 'Yjs with y-websocket and y-indexeddb: each row is a value in a shared map',
}

export default guest(about, ({ server }) => {
  const doc = new Y.Doc()
  const storage = new IndexeddbPersistence('app', doc)
  new WebsocketProvider(server.replace('http', 'ws'), 'app', doc)
  const rows = (collection: string) => doc.getMap<Content>(collection)
  return {
    async perform(action) {
      await storage.whenSynced
      if (action.type === 'create' || action.type === 'update') {
        const { collection, record, content } = action
        rows(collection).set(record, { ...rows(collection).get(record), ...content })
      } else if (action.type === 'delete') {
        rows(action.collection).delete(action.record)
      }
    },
    view() {
      if (!storage.synced) return undefined
      return ['messages', 'notes'].flatMap((collection) =>
        [...rows(collection)].map(([id, content]) => ({ collection, id, content })),
      )
    },
  }
})
