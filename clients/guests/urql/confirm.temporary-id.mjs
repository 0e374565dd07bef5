// An edit of a row whose creation is on its way carries the id of the optimistic result, which the
// server does not know.
import { Client, fetchExchange, gql } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { conclude, until } from '../lossy-server.mjs'

const list = gql`{ messages { id text } }`
const cache = cacheExchange({
  optimistic: { addMessage: ({ text }) => ({ __typename: 'Message', id: 'temporary', text }) },
  updates: {
    Mutation: {
      addMessage: ({ addMessage }, _, store) =>
        store.updateQuery({ query: list }, () => ({ messages: [addMessage] })),
    },
  },
})
const edited = []
const client = new Client({
  url: 'http://server.test/graphql',
  preferGetMethod: false,
  exchanges: [cache, fetchExchange],
  async fetch(_, { body }) {
    const { query, variables } = JSON.parse(body)
    if (query.includes('editMessage')) edited.push(variables.id)
    if (query.includes('addMessage')) await new Promise((done) => setTimeout(done, 1000))
    const data = query.includes('mutation') ? { addMessage: null } : { messages: [] }
    return new Response(JSON.stringify({ data }))
  },
})
let shown = []
client.query(list, {}).subscribe(({ data }) => {
  shown = data?.messages ?? []
})
await new Promise((resolve) => setTimeout(resolve, 100))
client
  .mutation(gql`mutation ($text: String!) { addMessage(text: $text) { id text } }`, {
    text: 'sevn',
  })
  .subscribe(() => {})
await until(() => shown.length === 1)
client
  .mutation(gql`mutation ($id: ID!) { editMessage(id: $id) { id } }`, { id: shown[0].id })
  .subscribe(() => {})
await until(() => edited.length === 1)
conclude(edited[0] === 'temporary', `The server was asked to edit ${edited[0]}`)
