// A mutation that failed although navigator.onLine is true is queued, and sent again only by an
// `online` event or a restart. Sent again by such an event, it overwrites what others wrote since;
// and the queue on disk is emptied before the requests are answered.
import 'fake-indexeddb/auto'
import { Client, fetchExchange, gql } from '@urql/core'
import { offlineExchange } from '@urql/exchange-graphcache'
import { makeDefaultStorage } from '@urql/exchange-graphcache/default-storage'
import { conclude, until } from '../lossy-server.mjs'

const events = new EventTarget()
globalThis.window = {
  addEventListener: events.addEventListener.bind(events),
  removeEventListener: events.removeEventListener.bind(events),
}
Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true })

const written = []
let loseAck = true
const respond = async (_, { body }) => {
  const { variables } = JSON.parse(body)
  written.push(variables.text)
  if (loseAck) throw new TypeError('Failed to fetch') // as in Chrome: stored, the response lost
  const data = { editNote: { __typename: 'Note', id: 'shopping', text: variables.text } }
  return new Response(JSON.stringify({ data }), { headers: { 'content-type': 'application/json' } })
}
const cache = offlineExchange({
  storage: makeDefaultStorage({ idbName: 'app' }),
  optimistic: { editNote: (note) => ({ __typename: 'Note', ...note }) },
})
const client = new Client({
  url: 'http://server.test/graphql',
  exchanges: [cache, fetchExchange],
  fetch: respond,
})
await new Promise((resolve) => setTimeout(resolve, 500))
const edit = gql`mutation ($id: ID!, $text: String!) { editNote(id: $id, text: $text) { id text } }`
client.mutation(edit, { id: 'shopping', text: 'milk, bread' }).subscribe(() => {})
await until(() => written.length === 1)
loseAck = false
await new Promise((resolve) => setTimeout(resolve, 15_000))
const attempts = written.length
written.push('milk, bread, tea') // another device
events.dispatchEvent(new Event('online'))
await until(() => written.length === 3)
conclude(
  attempts === 1 && written[2] === 'milk, bread',
  `attempts within 15 s of a healthy network: ${attempts}`,
  `after an online event the server was told: ${written.join(' | ')}`,
)
