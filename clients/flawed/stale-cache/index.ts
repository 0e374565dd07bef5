import type { ClientDefinition, View, ViewRow } from '../../../harness/core/client.ts'
import reference from '../../reference/index.ts'

/** Shows each record as it first had it while offline, like a cache that never revalidates. */
const staleCache: ClientDefinition = {
  ...reference,
  name: 'flawed/stale-cache',
  title: 'falls back to the first version of a record when it is offline',
  create: (ports, identity) => {
    const { connectivity, recorder } = ports
    const cache = new Map<string, ViewRow>()
    const cached = (view: View): View => {
      for (const row of view.rows)
        if (row.status === 'sent' && !cache.has(row.id)) cache.set(row.id, row)
      const shown = (row: ViewRow) =>
        connectivity.get().online || row.status !== 'sent' ? row : (cache.get(row.id) ?? row)
      return { ...view, rows: view.rows.map(shown) }
    }
    const client = reference.create(ports, identity)
    return {
      start: () => {
        connectivity.onChange(() => recorder.screen())
        return client.start()
      },
      perform: (action) => client.perform(action),
      view: async () => {
        const view = await client.view()
        return view && cached(view)
      },
      stop: () => client.stop(),
    }
  },
}

export default staleCache
