import * as Automerge from '@automerge/automerge'
import { type AutomergeUrl, type DocumentId, Repo } from '@automerge/automerge-repo'
import { WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket'
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs'
import { WebSocketServer } from 'ws'
import { guestServer } from '../../../harness/guest/guest.ts'
import { type App, DOCUMENT_ID, URL_OF_DOCUMENT } from './document.ts'

const empty = () => Automerge.save(Automerge.from({ messages: {}, notes: {} }, '00'))

export default guestServer({ name: 'automerge' }, async ({ port, folder }) => {
  const storage = new NodeFSStorageAdapter(folder)
  const repo = new Repo({
    network: [new WebSocketServerAdapter(new WebSocketServer({ port }) as never)],
    storage,
    sharePolicy: async () => false,
  })
  const isFirstStart = (await storage.loadRange([DOCUMENT_ID])).length === 0
  const handle = isFirstStart
    ? repo.import<App>(empty(), { docId: DOCUMENT_ID as DocumentId })
    : await repo.find<App>(URL_OF_DOCUMENT as AutomergeUrl)
  return {
    dump: () =>
      Object.entries(handle.doc()).flatMap(([collection, rows]) =>
        Object.entries(rows).map(([id, content]) => ({ collection, id, content })),
      ),
  }
})
