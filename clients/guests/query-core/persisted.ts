import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { persistQueryClient } from '@tanstack/query-persist-client-core'
import type { openApp } from './app.ts'

/** Restores an app from localStorage and resumes its mutations ("Persisting Offline mutations"). */
export async function persisted(app: ReturnType<typeof openApp>) {
  const persister = createAsyncStoragePersister({ storage: localStorage })
  const [, restored] = persistQueryClient({ queryClient: app.client, persister })
  await restored
  app.client.resumePausedMutations().then(() => app.client.invalidateQueries())
  return app
}
