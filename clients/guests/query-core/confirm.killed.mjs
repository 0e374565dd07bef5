// The process is killed while mutations wait. Without a persister nothing is left; with the
// recommended one only a mutation that is paused, for none that is being retried is dehydrated.
import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { MutationObserver, onlineManager, QueryClient } from '@tanstack/query-core'
import { persistQueryClient } from '@tanstack/query-persist-client-core'
import { conclude } from '../lossy-server.mjs'

async function survivors(disk, { offline }) {
  const storage = {
    getItem: (key) => disk?.get(key) ?? null,
    setItem: (key, value) => disk?.set(key, value),
    removeItem: (key) => disk?.delete(key),
  }
  const open = async () => {
    const queryClient = new QueryClient()
    const persister = createAsyncStoragePersister({ storage })
    const [stop, restored] = disk ? persistQueryClient({ queryClient, persister }) : []
    await restored
    return { queryClient, stop }
  }
  onlineManager.setOnline(!offline)
  const { queryClient, stop } = await open()
  const mutation = new MutationObserver(queryClient, {
    mutationKey: ['write'],
    mutationFn: () => Promise.reject(new Error('no answer')),
    retry: 3,
    retryDelay: 60_000,
  })
  mutation.mutate({ text: 'Hello' }).catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 2000)) // the persister writes once a second
  stop?.() // the kill: nothing is written any more
  return (await open()).queryClient.getMutationCache().getAll().length
}
const without = await survivors(undefined, { offline: true })
const paused = await survivors(new Map(), { offline: true })
const retrying = await survivors(new Map(), { offline: false })
conclude(
  without === 0 && paused === 1 && retrying === 0,
  `Mutations after the restart, of 1: without a persister ${without};`,
  `with it: ${paused} if it was paused offline, ${retrying} if it was waiting for its retry.`,
)
