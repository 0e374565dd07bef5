// A mutation that waits in the queue is not on the screen once the list has been fetched again: the
// newer result is laid over the optimistic one.
import 'fake-indexeddb/auto'
import { Client, fetchExchange, gql } from '@urql/core'
import { offlineExchange } from '@urql/exchange-graphcache'
import { makeDefaultStorage } from '@urql/exchange-graphcache/default-storage'
import { conclude, until } from '../lossy-server.mjs'

globalThis.window = { addEventListener() {}, removeEventListener() {} }
Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true })
const headers = { 'content-type': 'application/json' }
const list = gql`{ notes { id text } }`
const cache = offlineExchange({
  storage: makeDefaultStorage({ idbName: 'app' }),
  optimistic: { addNote: (note) => ({ __typename: 'Note', ...note }) },
  updates: {
    Mutation: {
      addNote: ({ addNote }, _, store) =>
        store.updateQuery({ query: list }, (data) => ({
          ...data,
          notes: [...data.notes, addNote],
        })),
    },
  },
})
const client = new Client({
  url: 'http://server.test/graphql',
  preferGetMethod: false,
  exchanges: [cache, fetchExchange],
  async fetch(_, { body }) {
    if (body.includes('mutation')) throw new TypeError('Failed to fetch')
    return new Response(JSON.stringify({ data: { notes: [] } }), { headers })
  },
})
const screens = []
client.query(list, {}).subscribe(({ data }) => {
  if (data) screens.push(data.notes.length)
})
await until(() => screens.at(-1) === 0)
await new Promise((resolve) => setTimeout(resolve, 500))
const add = gql`mutation ($id: ID!, $text: String!) { addNote(id: $id, text: $text) { id text } }`
client.mutation(add, { id: 'errands', text: 'Post office' }).subscribe(() => {})
await until(() => screens.includes(1))
await new Promise((resolve) => setTimeout(resolve, 200))
await client.query(list, {}, { requestPolicy: 'network-only' }).toPromise()
await new Promise((resolve) => setTimeout(resolve, 200))
conclude(screens.at(-1) === 0, `notes on the screen, one after another: ${screens.join(', ')}`)
