import type { View } from '../../../harness/core/client.ts'
import { HttpError } from '../../../harness/core/ports/http.ts'
import { flawed, pushItems } from '../wrap.ts'

const ATTEMPTS_MAX = 5

/** Caps the number of its attempts: after the last it shows the write as failed, for good. */
export default flawed(
  'gives-up',
  'gives up after five failed attempts, and shows the write as failed',
  ({ http, recorder }) => {
    const failures = new Map<string, number>()
    const hasGivenUp = (key: string) => (failures.get(key) ?? 0) >= ATTEMPTS_MAX
    return {
      http: {
        request: async (request, abort) => {
          const keys = (pushItems(request) ?? []).map(({ key }) => key)
          if (keys.some(hasGivenUp)) throw new HttpError('refused')
          try {
            return await http.request(request, abort)
          } catch (error) {
            for (const key of keys) failures.set(key, (failures.get(key) ?? 0) + 1)
            recorder.screen()
            throw error
          }
        },
      },
      view: (view) => shownAsFailed(view, hasGivenUp),
    }
  },
)

function shownAsFailed(view: View, hasGivenUp: (key: string) => boolean): View {
  const outbox = (view.outbox ?? []).map((entry) =>
    hasGivenUp(entry.key) ? { ...entry, state: 'failed' as const } : entry,
  )
  const failed = outbox.filter(({ state }) => state === 'failed')
  const isFailed = (record?: string) => failed.some((entry) => entry.record === record)
  return {
    ...view,
    rows: view.rows.map((row) =>
      isFailed(row.record) ? { ...row, status: 'failed' as const } : row,
    ),
    pending: outbox.length - failed.length,
    failed: failed.length,
    outbox,
  }
}
