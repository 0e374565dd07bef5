import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client/core'
import { RetryLink } from '@apollo/client/link/retry'
import QueueLink from 'apollo-link-queue'
import { LocalStorageWrapper, persistCache } from 'apollo3-cache-persist'
import { guest } from '../../../harness/guest/guest.ts'
import { documentsOf } from '../urql/documents.ts'

const about = {
  name: 'apollo',
  title: 'Apollo Client: RetryLink, apollo-link-queue and apollo3-cache-persist',
}

const { ROWS, WRITES } = documentsOf(gql)
type Rows = Record<string, { id: string; text: string; __typename?: string }[]>
const NAMES = { create: 'add', update: 'edit', delete: 'delete' }

export default guest(about, async ({ server }) => {
  const cache = new InMemoryCache()
  await persistCache({ cache, storage: new LocalStorageWrapper(localStorage) })
  const offlineLink = new QueueLink()
  if (!navigator.onLine) offlineLink.close()
  window.addEventListener('offline', () => offlineLink.close())
  window.addEventListener('online', () => offlineLink.open())
  const link = ApolloLink.from([
    new RetryLink(),
    offlineLink,
    new HttpLink({ uri: `${server}/graphql` }),
  ])
  const client = new ApolloClient({ cache, link })
  let shown: Rows | undefined
  const rows = client.watchQuery({
    query: ROWS,
    fetchPolicy: 'cache-and-network',
    pollInterval: 5000,
  })
  const next = ({ data }) => {
    if (data) shown = data
  }
  // An error ends a subscription: subscribes again, as useQuery does.
  const error = () => {
    rows.resetLastResults()
    rows.subscribe({ next, error })
  }
  rows.subscribe({ next, error })
  return {
    perform(action) {
      if (action.type === 'refresh') return client.refetchQueries({ include: [ROWS] })
      const { type, collection, record, content } = action
      const id =
        shown?.[collection].find((row) => row.id === record || row.text.includes(`⟦${record} `))
          ?.id ?? record
      const __typename = collection === 'messages' ? 'Message' : 'Note'
      const name = `${NAMES[type]}${__typename}`
      const update = (store, { data }) =>
        store.updateQuery({ query: ROWS }, (all) => {
          const added = type === 'create' ? [data[name]] : []
          const gone = type === 'delete' ? id : added[0]?.id
          const others = all[collection].filter((row) => row.id !== gone)
          return type === 'update' ? all : { ...all, [collection]: [...others, ...added] }
        })
      const settled = client.mutate({
        mutation: WRITES[collection][type],
        variables: { id, ...content },
        optimisticResponse: { [name]: type === 'delete' ? id : { __typename, id, ...content } },
        update,
      })
      return { saved: Promise.resolve(), settled }
    },
    view: () =>
      shown &&
      ['messages', 'notes'].flatMap((collection) =>
        shown[collection].map(({ id, __typename, ...content }) => ({ collection, id, content })),
      ),
  }
})
