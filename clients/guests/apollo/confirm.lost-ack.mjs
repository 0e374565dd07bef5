// RetryLink sends a mutation again when its response is lost: the server carries it out twice.
import {
  ApolloClient,
  ApolloLink,
  gql,
  HttpLink,
  InMemoryCache,
} from '@apollo/client/core/index.js'
import { RetryLink } from '@apollo/client/link/retry/index.js'
import { conclude, lossyServer } from '../lossy-server.mjs'

const stored = []
const server = await lossyServer((_, __, { variables }) => {
  stored.push(variables.text)
  return { data: { addMessage: { __typename: 'Message', id: `s${stored.length}` } } }
})
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.from([new RetryLink(), new HttpLink({ uri: server.url })]),
})
server.loseNextAck()
await client.mutate({
  mutation: gql`mutation ($text: String!) { addMessage(text: $text) { id } }`,
  variables: { text: 'Did you get this?' },
})
conclude(stored.length === 2, `The server stored ${JSON.stringify(stored)}`)
