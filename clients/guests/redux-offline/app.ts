import { offline } from '@redux-offline/redux-offline'
import defaults from '@redux-offline/redux-offline/lib/defaults'
import { legacy_createStore as createStore } from 'redux'

/** An app of messages and notes over a REST server, with optimistic updates as in the README. */
export function openApp(server: string, config = {}, makeId?: () => string) {
  const apply = (rows, { type, collection, record, id, content }) => {
    if (type === 'create') return [...rows, { collection, id: id ?? record, record, content }]
    const isIt = (row) =>
      row.collection === collection && (row.id === record || row.record === record)
    if (type === 'delete') return rows.filter((row) => !isIt(row))
    return rows.map((row) =>
      isIt(row) ? { ...row, content: { ...row.content, ...content } } : row,
    )
  }
  const reducer = (state = { rows: [] }, { type, payload, meta }) => {
    if (type === 'LOADED') return { ...state, rows: payload }
    if (type !== 'WRITE_COMMIT') return state
    return { ...state, rows: apply(state.rows, { ...meta.write, id: payload?.id }) }
  }
  let isReady = false
  const persistCallback = () => {
    isReady = true
  }
  const store = createStore(reducer, offline({ ...defaults, ...config, persistCallback }))
  const outbox = () => store.getState().offline.outbox
  // The screen: the server's rows with the writes that wait. A rollback takes its write away.
  const shown = () =>
    outbox().reduce((rows, { payload }) => apply(rows, payload), store.getState().rows)

  let writes = 0
  const load = async () => {
    const before = writes
    const rows = []
    for (const collection of ['messages', 'notes']) {
      const signal = AbortSignal.timeout(10_000)
      const response = await fetch(`${server}/${collection}`, { signal })
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      for (const { id, ...content } of await response.json()) rows.push({ collection, id, content })
    }
    // Not while a write waits or has come between: these rows may be older than it.
    if (before === writes && outbox().length === 0)
      store.dispatch({ type: 'LOADED', payload: rows })
  }
  const poll = () =>
    load()
      .catch(() => {})
      .then(() => setTimeout(poll, 5000))
  poll()

  return {
    async perform(action) {
      if (action.type === 'refresh') return load()
      const { type, collection, record, content } = action
      const row =
        type !== 'create' &&
        shown().find(({ id, content: { text } }) => id === record || text.includes(`⟦${record} `))
      // A message gets its id from the server, a note has the name that the person chose.
      const ownId = collection === 'notes' ? record : makeId?.()
      const id = (row ? row.id : ownId) ?? record
      writes += 1
      const effect =
        type === 'create'
          ? { method: 'POST', json: { id: ownId, ...content } }
          : { method: type === 'delete' ? 'DELETE' : 'PUT', json: content }
      const write = { type, collection, record: id, content }
      store.dispatch({
        type: 'WRITE',
        payload: write,
        meta: {
          offline: {
            effect: {
              url: `${server}/${collection}${type === 'create' ? '' : `/${id}`}`,
              ...effect,
            },
            commit: { type: 'WRITE_COMMIT', meta: { write } },
            rollback: { type: 'WRITE_ROLLBACK', meta: { write } },
          },
        },
      })
    },
    view: () =>
      isReady
        ? shown().map(({ collection, id, content }) => ({ collection, id, content }))
        : undefined,
  }
}
