// An edit of a row that the server does not know: one that another device has deleted, or one whose
// creation is on its way, shown with the temporary id of its optimistic response. The error of the
// server takes the optimistic text off the screen.
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core/index.js'
import { conclude, lossyServer } from '../lossy-server.mjs'

const asked = []
const server = await lossyServer((_, __, { query, variables }) => {
  if (query.includes('editMessage')) asked.push(variables.id)
  return { errors: [{ message: `There is no ${variables.id}` }] }
})
const cache = new InMemoryCache()
const list = gql`{ messages { id text } }`
cache.writeQuery({
  query: list,
  data: { messages: [{ __typename: 'Message', id: 'temporary', text: 'sevn' }] },
})
const client = new ApolloClient({ cache, link: new HttpLink({ uri: server.url }) })
const shown = () => client.readQuery({ query: list }, true).messages[0].text
const outcome = client
  .mutate({
    mutation: gql`
      mutation ($id: ID!, $text: String!) { editMessage(id: $id, text: $text) { id text } }
    `,
    variables: { id: 'temporary', text: 'seven' },
    optimisticResponse: { editMessage: { __typename: 'Message', id: 'temporary', text: 'seven' } },
  })
  .catch((error) => error.message)
const before = shown()
const message = await outcome
conclude(
  before === 'seven' && shown() === 'sevn' && asked[0] === 'temporary',
  `shown at first: ${before}; then: ${message}; shown in the end: ${shown()}`,
)
