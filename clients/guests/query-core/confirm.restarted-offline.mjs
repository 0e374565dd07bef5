// A mutation is paused offline and persisted, and the app starts again, still offline. It takes
// itself to be online until an event tells otherwise: it sends, fails, and drops the mutation.
import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { MutationObserver, onlineManager, QueryClient } from '@tanstack/query-core'
import { persistQueryClient } from '@tanstack/query-persist-client-core'
import { conclude } from '../lossy-server.mjs'

const disk = new Map()
const storage = {
  getItem: (key) => disk.get(key) ?? null,
  setItem: (key, value) => disk.set(key, value),
  removeItem: (key) => disk.delete(key),
}
const isOnlineAtStart = onlineManager.isOnline()
async function start() {
  const queryClient = new QueryClient()
  queryClient.setMutationDefaults(['addTodo'], {
    mutationFn: () => fetch('http://127.0.0.1:1'), // nobody listens there
    retry: 3,
  })
  const persister = createAsyncStoragePersister({ storage })
  const [stop, restored] = persistQueryClient({ queryClient, persister })
  await restored
  return { queryClient, stop }
}
const statuses = ({ queryClient }) =>
  queryClient
    .getMutationCache()
    .getAll()
    .map(({ state }) => `${state.status}, paused: ${state.isPaused}`)

const first = await start()
onlineManager.setOnline(false)
new MutationObserver(first.queryClient, { mutationKey: ['addTodo'] }).mutate({ title: 'Hello' })
await new Promise((resolve) => setTimeout(resolve, 2000)) // the persister writes once a second
first.stop() // the kill
onlineManager.setOnline(isOnlineAtStart) // as in a fresh page: navigator.onLine is not asked

const second = await start()
const restored = statuses(second)
await second.queryClient.resumePausedMutations().catch(() => {})
await new Promise((resolve) => setTimeout(resolve, 2000))
const after = statuses(second)
second.stop()
const third = statuses(await start())
conclude(
  isOnlineAtStart && restored[0] === 'pending, paused: true' && third.length === 0,
  `Restored: ${restored}. After the start offline: ${after}.`,
  `After one more start: ${third.length} mutations`,
)
