// Neither fetchExchange nor Apollo's HttpLink gives a request a deadline.
import { createServer } from 'node:http'
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core/index.js'
import { Client, fetchExchange } from '@urql/core'
import { conclude } from '../lossy-server.mjs'

const server = createServer(() => {}) // never a response
await new Promise((resolve) => server.listen(0, resolve))
const url = `http://127.0.0.1:${server.address().port}`
const mutation = gql`mutation { addMessage { id } }`
const ended = []
new Client({ url, exchanges: [fetchExchange] })
  .mutation(mutation, {})
  .toPromise()
  .then(() => ended.push('urql'))
new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: url }) })
  .mutate({ mutation })
  .catch(() => ended.push('apollo'))
await new Promise((resolve) => setTimeout(resolve, 90_000))
conclude(ended.length === 0, `ended within 90 s: ${ended.join(', ') || 'none'}`)
