import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { persistQueryClient } from '@tanstack/query-persist-client-core'
import { guest } from '../../../harness/guest/guest.ts'
import { openApp } from './app.ts'

const about = { name: 'query-core', title: '@tanstack/query-core 5, with its persister' }

export default guest(about, async ({ server }) => {
  const app = openApp(server)
  const persister = createAsyncStoragePersister({ storage: localStorage })
  const [, restored] = persistQueryClient({ queryClient: app.client, persister })
  await restored
  app.client.resumePausedMutations().then(() => app.client.invalidateQueries())
  return app
})
