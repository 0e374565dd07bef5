// A request that gets no response: the default `discard` takes the error of fetch, which has no
// `status`, for a permanent one. The write leaves the outbox after one attempt and is rolled back.
import { conclude, lossyServer, until } from '../lossy-server.mjs'
import { browser } from './browser.mjs'

browser()
const { offline } = (await import('@redux-offline/redux-offline')).default
const defaults = (await import('@redux-offline/redux-offline/lib/defaults/index.js')).default.default
const { legacy_createStore: createStore } = await import('redux')

const server = await lossyServer(() => ({}))
const seen = []
const reducer = (state = {}, { type }) => {
  seen.push(type)
  return state
}
const store = createStore(reducer, offline({ ...defaults, persist: false }))
await new Promise((resolve) => setTimeout(resolve, 50))
const before = server.requests()
server.loseNextAck()
store.dispatch({
  type: 'SEND',
  meta: {
    offline: {
      effect: { url: `${server.url}/messages`, method: 'POST', json: { text: 'Hello' } },
      commit: { type: 'SENT' },
      rollback: { type: 'ROLLED_BACK' },
    },
  },
})
await until(() => seen.includes('ROLLED_BACK') || seen.includes('SENT'))
await new Promise((resolve) => setTimeout(resolve, 3000)) // the first retry would come after 1 s
conclude(
  seen.includes('ROLLED_BACK') && store.getState().offline.outbox.length === 0,
  `actions: ${seen.filter((type) => !type.includes('redux')).join(', ')}`,
  `attempts: ${server.requests() - before}, outbox: ${store.getState().offline.outbox.length}`,
)
