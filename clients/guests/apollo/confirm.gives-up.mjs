// No server answers: after five attempts, within seconds, RetryLink gives up; the optimistic row is
// taken back, and the mutation is nowhere. What waits in apollo-link-queue is in memory only.
import {
  ApolloClient,
  ApolloLink,
  gql,
  HttpLink,
  InMemoryCache,
} from '@apollo/client/core/index.js'
import { RetryLink } from '@apollo/client/link/retry/index.js'
import QueueLink from 'apollo-link-queue'
import { LocalStorageWrapper, persistCache } from 'apollo3-cache-persist'
import { conclude } from '../lossy-server.mjs'

const disk = new Map()
const storage = {
  getItem: (key) => disk.get(key) ?? null,
  setItem: (key, value) => disk.set(key, value),
  removeItem: (key) => disk.delete(key),
}
const cache = new InMemoryCache()
await persistCache({ cache, storage: new LocalStorageWrapper(storage), debounce: 10 })
let attempts = 0
const offline = new (QueueLink.default ?? QueueLink)()
const counted = (...request) => {
  attempts += 1
  return fetch(...request)
}
const link = new HttpLink({ uri: 'http://127.0.0.1:9/', fetch: counted })
const client = new ApolloClient({ cache, link: ApolloLink.from([new RetryLink(), offline, link]) })
const mutation = gql`mutation ($text: String!) { addMessage(text: $text) { id } }`
const send = (text) => client.mutate({ mutation, variables: { text } })

const outcome = await send('First from me').then(
  () => 'sent',
  (error) => `failed: ${error.message}`,
)
offline.close()
send('In the tunnel now')
await new Promise((resolve) => setTimeout(resolve, 200))
const isOnDisk = [...disk.values()].some((text) => String(text).includes('In the tunnel now'))
conclude(
  attempts === 5 && outcome.startsWith('failed') && !isOnDisk,
  `attempts: ${attempts}, ${outcome}`,
  `the queued mutation is ${isOnDisk ? '' : 'not '}on disk`,
)
