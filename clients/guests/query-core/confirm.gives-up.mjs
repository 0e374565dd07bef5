// The network is down and the system has not noticed. After the recommended three retries the
// mutation fails, the documented rollback takes the text away, and nothing sends it later.
import { MutationObserver, QueryClient } from '@tanstack/query-core'
import { conclude, lossyServer } from '../lossy-server.mjs'

const client = new QueryClient()
client.mount()
let url = 'http://127.0.0.1:1' // nobody listens there
let attempts = 0
client.setMutationDefaults(['addTodo'], {
  mutationFn: async (todo) => {
    attempts += 1
    return (await fetch(url, { method: 'POST', body: JSON.stringify(todo) })).json()
  },
  onMutate: (todo) => client.setQueryData(['todos'], (old = []) => [...old, todo]),
  onError: (_, todo) => client.setQueryData(['todos'], (old) => old.filter((it) => it !== todo)),
  retry: 3,
})
const began = Date.now()
const mutation = new MutationObserver(client, { mutationKey: ['addTodo'] })
const error = await mutation.mutate({ title: 'Hello' }).catch((reason) => reason)
const seconds = Math.round((Date.now() - began) / 1000)

const stored = []
url = (await lossyServer((_, __, body) => stored.push(body))).url // the network is back
await client.resumePausedMutations()
await new Promise((resolve) => setTimeout(resolve, 1000))

conclude(
  attempts === 4 && stored.length === 0 && client.getQueryData(['todos']).length === 0,
  `After ${seconds} s and ${attempts} attempts the mutation failed: ${error.message}`,
  `On the screen: ${client.getQueryData(['todos']).length} todos. Sent later: ${stored.length}.`,
)
