import { WebSocket } from 'ws'
import { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const LOADED_AFTER_MS = 200

/** Reads the document as any client does: the program shows its content in no other way. */
export default async function dump({ url }: { readonly url: string }) {
  const doc = new Y.Doc()
  // A reader that nobody sees: without a state of its own it sends nothing to the others.
  const awareness = new Awareness(doc)
  awareness.setLocalState(null)
  const provider = new WebsocketProvider(url.replace('http', 'ws'), 'app', doc, {
    WebSocketPolyfill: WebSocket as never,
    disableBc: true,
    awareness,
  })
  await new Promise<void>((resolve) => {
    provider.on('sync', (isSynced) => isSynced && resolve())
  })
  // The server answers before it has read the document from LevelDB, and sends the rest behind.
  const isEmpty = () => doc.store.clients.size === 0
  if (isEmpty()) {
    await Promise.race([
      new Promise((resolve) => doc.once('update', resolve)),
      new Promise((resolve) => setTimeout(resolve, LOADED_AFTER_MS)),
    ])
  }
  provider.destroy()
  return ['messages', 'notes'].flatMap((collection) =>
    [...doc.getMap<Record<string, string>>(collection)].map(([id, content]) => ({
      collection,
      id,
      content,
    })),
  )
}
