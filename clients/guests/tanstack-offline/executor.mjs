import { createCollection, localOnlyCollectionOptions } from '@tanstack/db'
import { startOfflineExecutor } from '@tanstack/offline-transactions'

/** An executor with a collection of notes, whose outbox is a Map. `save` is its mutationFn. */
export async function openExecutor(save) {
  const disk = new Map()
  const storage = {
    get: async (key) => disk.get(key) ?? null,
    set: async (key, value) => void disk.set(key, value),
    delete: async (key) => void disk.delete(key),
    keys: async () => [...disk.keys()],
    clear: async () => disk.clear(),
  }
  const notes = createCollection(
    localOnlyCollectionOptions({ id: 'notes', getKey: (row) => row.id }),
  )
  const onlineDetector = {
    subscribe: () => () => {},
    notifyOnline() {},
    isOnline: () => true,
    dispose() {},
  }
  const leaderElection = {
    requestLeadership: async () => true,
    releaseLeadership() {},
    isLeader: () => true,
    onLeadershipChange: () => () => {},
  }
  const executor = startOfflineExecutor({
    collections: { notes },
    mutationFns: { save },
    storage,
    onlineDetector,
    leaderElection,
  })
  await executor.waitForInit()
  const write = executor.createOfflineAction({
    mutationFnName: 'save',
    onMutate: (row) => notes.insert(row),
  })
  return { notes, write, executor }
}
