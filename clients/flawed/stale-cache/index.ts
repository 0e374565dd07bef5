import type { ViewRow } from '../../../harness/core/client.ts'
import { flawed } from '../wrap.ts'

/** Shows each record as it first had it while offline, like a cache that never revalidates. */
export default flawed(
  'stale-cache',
  'falls back to the first version of a record when it is offline',
  ({ connectivity, recorder }) => {
    const cache = new Map<string, ViewRow>()
    const shown = (row: ViewRow) =>
      connectivity.get().online || row.status !== 'sent' ? row : (cache.get(row.id) ?? row)
    connectivity.onChange(() => recorder.screen())
    return {
      view: (view) => {
        for (const row of view.rows)
          if (row.status === 'sent' && !cache.has(row.id)) cache.set(row.id, row)
        return { ...view, rows: view.rows.map(shown) }
      },
    }
  },
)
