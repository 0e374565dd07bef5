// An edit that the server answers with an error, of a row that another device has deleted: the
// optimistic text is taken off the screen.
import { Client, fetchExchange, gql } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { conclude, until } from '../lossy-server.mjs'

const cache = cacheExchange({
  optimistic: { editNote: (note) => ({ __typename: 'Note', ...note }) },
})
const client = new Client({
  url: 'http://server.test/graphql',
  preferGetMethod: false,
  exchanges: [cache, fetchExchange],
  async fetch(_, { body }) {
    const note = { __typename: 'Note', id: 'errands', text: 'Post office' }
    if (!body.includes('mutation')) return new Response(JSON.stringify({ data: { notes: [note] } }))
    return new Response(JSON.stringify({ errors: [{ message: 'There is no errands' }] }))
  },
})
const shown = []
client.query(gql`{ notes { id text } }`, {}).subscribe(({ data }) => {
  if (data) shown.push(data.notes[0].text)
})
await until(() => shown.length === 1)
const edit = gql`mutation ($id: ID!, $text: String!) { editNote(id: $id, text: $text) { id text } }`
const { error } = await client.mutation(edit, { id: 'errands', text: 'baker' }).toPromise()
await new Promise((resolve) => setTimeout(resolve, 200))
conclude(
  shown.includes('baker') && shown.at(-1) === 'Post office',
  `${error.message}; shown, one after another: ${shown.join(', ')}`,
)
