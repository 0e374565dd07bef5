import type { ClientDefinition, View } from '../../../harness/core/client.ts'
import { HttpError } from '../../../harness/core/ports/http.ts'
import reference from '../../reference/index.ts'
import { pushItems } from '../wrap.ts'

const ATTEMPTS_MAX = 5

/** Caps the number of its attempts: after the last it shows the write as failed, for good. */
const givesUp: ClientDefinition = {
  ...reference,
  name: 'flawed/gives-up',
  title: 'gives up after five failed attempts, and shows the write as failed',
  create: (ports, identity) => {
    const failures = new Map<string, number>()
    const hasGivenUp = (key: string) => (failures.get(key) ?? 0) >= ATTEMPTS_MAX
    const request: typeof ports.http.request = async (sent, abort) => {
      const keys = (pushItems(sent) ?? []).map(({ key }) => key)
      if (keys.some(hasGivenUp)) throw new HttpError('refused')
      try {
        return await ports.http.request(sent, abort)
      } catch (error) {
        for (const key of keys) failures.set(key, (failures.get(key) ?? 0) + 1)
        ports.recorder.screen()
        throw error
      }
    }
    const client = reference.create({ ...ports, http: { request } }, identity)
    return {
      start: () => client.start(),
      perform: (action) => client.perform(action),
      view: async () => {
        const view = await client.view()
        return view && shownAsFailed(view, hasGivenUp)
      },
      stop: () => client.stop(),
    }
  },
}

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

export default givesUp
