import { Client, fetchExchange, gql } from '@urql/core'
import { offlineExchange } from '@urql/exchange-graphcache'
import { makeDefaultStorage } from '@urql/exchange-graphcache/default-storage'
import { buildSchema, introspectionFromSchema } from 'graphql'
import { guest } from '../../../harness/guest/guest.ts'
import { documentsOf } from './documents.ts'
import { schema } from './schema.ts'

const about = {
  name: 'urql',
  title: 'urql graphcache: offlineExchange with schema awareness and the default storage',
}

const { ROWS, WRITES } = documentsOf(gql)
type Rows = Record<string, { id: string; text: string; __typename?: string }[]>
const change = (cache, list, to) =>
  cache.updateQuery({ query: ROWS }, (data) => data && { ...data, [list]: to(data[list]) })
const add = (list) => (result, _, cache) =>
  change(cache, list, (rows) => {
    const added = Object.values(result)[0] as { id: string }
    return [...rows.filter(({ id }) => id !== added.id), added]
  })
const remove =
  (list) =>
  (_, { id }, cache) =>
    change(cache, list, (rows) => rows.filter((row) => row.id !== id))

export default guest(about, ({ server }) => {
  const cache = offlineExchange({
    schema: introspectionFromSchema(buildSchema(schema)) as never,
    storage: makeDefaultStorage({ idbName: 'app', maxAge: 7 }),
    optimistic: {
      addMessage: (message, _, { variables }) => ({
        __typename: 'Message',
        id: variables.temporaryId as string,
        ...message,
      }),
      addNote: (note) => ({ __typename: 'Note', ...note }),
      editMessage: (message) => ({ __typename: 'Message', ...message }),
      editNote: (note) => ({ __typename: 'Note', ...note }),
      deleteMessage: ({ id }) => id as string,
      deleteNote: ({ id }) => id as string,
    },
    updates: {
      Mutation: {
        addMessage: add('messages'),
        addNote: add('notes'),
        deleteMessage: remove('messages'),
        deleteNote: remove('notes'),
      },
    },
  })
  const client = new Client({ url: `${server}/graphql`, exchanges: [cache, fetchExchange] })
  let shown: Rows | undefined
  client.query(ROWS, {}, { requestPolicy: 'cache-and-network' }).subscribe(({ data }) => {
    if (data) shown = data
  })
  const load = () => client.query(ROWS, {}, { requestPolicy: 'network-only' }).toPromise()
  const poll = () => void load().then(() => setTimeout(poll, 5000))
  poll()
  return {
    async perform(action) {
      if (action.type === 'refresh') return void load()
      const { type, collection, record, content } = action
      const id =
        shown?.[collection].find((row) => row.id === record || row.text.includes(`⟦${record} `))
          ?.id ?? record
      // The document does not define temporaryId, so it is not sent.
      const variables = { id, ...content, temporaryId: crypto.randomUUID() }
      client.mutation(WRITES[collection][type], variables).toPromise()
    },
    view: () =>
      shown &&
      ['messages', 'notes'].flatMap((collection) =>
        shown[collection].map(({ id, __typename, ...content }) => ({ collection, id, content })),
      ),
  }
})
