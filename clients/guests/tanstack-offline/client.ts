import { guest } from '../../../harness/guest/guest.ts'
import { offlineApp, RECOVERY_MS } from './app.ts'

const about = {
  name: 'tanstack-offline',
  title: 'TanStack offline-transactions: client-made ids, and the idempotency key in each request',
  recovery: RECOVERY_MS,
}

export default guest(about, ({ server }) =>
  offlineApp(server, {
    path: ({ type, key, collection }) =>
      type === 'insert' ? collection.id : `${collection.id}/${key}`,
    headers: (idempotencyKey) => ({ 'Idempotency-Key': idempotencyKey }),
    body: ({ modified }) => modified,
  }),
)
