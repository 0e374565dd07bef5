import { browser } from './browser.mjs'

browser()
const { offline } = (await import('@redux-offline/redux-offline')).default
const { default: defaults } = await import('@redux-offline/redux-offline/lib/defaults/index.js')
const { legacy_createStore: createStore } = await import('redux')

/** The discard of the recipe "Customize requests", for fetch: no response, so try again. */
export const discard = (error) => 'status' in error && error.status >= 400 && error.status < 500

/** A store, the actions that it has seen, and what sends a write. */
export async function openStore(config = {}) {
  const seen = []
  const reducer = (state = {}, { type }) => {
    if (!type.includes('/')) seen.push(type)
    return state
  }
  const enhancer = offline({ ...defaults.default, ...config, persist: false })
  const store = createStore(reducer, enhancer)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const send = (url, method, json) =>
    store.dispatch({
      type: 'SEND',
      meta: {
        offline: {
          effect: { url, method, json },
          commit: { type: 'SENT' },
          rollback: { type: 'ROLLED_BACK' },
        },
      },
    })
  return { seen, send, outbox: () => store.getState().offline.outbox }
}
