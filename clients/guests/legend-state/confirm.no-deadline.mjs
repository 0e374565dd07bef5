// A connection accepts the create and passes nothing. Legend-State waits for it without a deadline:
// `retry` begins only when `create` has failed.
import { createServer } from 'node:http'
import { observable } from '@legendapp/state'
import { syncedCrud } from '@legendapp/state/sync-plugins/crud'
import { conclude, until } from '../lossy-server.mjs'

let requests = 0
const server = createServer(() => {
  requests += 1 // and never an answer
}).listen(0, '127.0.0.1')
await until(() => server.listening)

const messages$ = observable(
  syncedCrud({
    list: () => [],
    create: async (row) => {
      const init = { method: 'POST', body: JSON.stringify(row) }
      return (await fetch(`http://127.0.0.1:${server.address().port}`, init)).json()
    },
    retry: { infinite: true },
  }),
)
messages$.get()
messages$.m1.set({ id: 'm1', text: 'Hello' })
await until(() => requests === 1)
await new Promise((resolve) => setTimeout(resolve, 10_000))
conclude(requests === 1, `Ten seconds later, with infinite retries: ${requests} request.`)
