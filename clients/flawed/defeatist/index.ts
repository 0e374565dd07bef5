import type { ClientDefinition, View } from '../../../harness/core/client.ts'
import reference from '../../reference/index.ts'
import { pushItems } from '../wrap.ts'

/**
 * Marks a message as failed for good when a request with it ends without a response, and never
 * looks whether it arrived after all. Reports nothing of its outbox, as most apps.
 */
const defeatist: ClientDefinition = {
  ...reference,
  name: 'flawed/defeatist',
  title: 'shows a delivered message as failed for ever if the response was lost',
  capabilities: { ...reference.capabilities, outbox: false },
  create: (ports, identity) => {
    const givenUp = new Set<unknown>()
    const { http, recorder } = ports
    const request: typeof http.request = (sent, abort) =>
      http.request(sent, abort).catch((error) => {
        for (const { record } of pushItems(sent) ?? []) givenUp.add(record)
        throw error
      })
    const emit: typeof recorder.emit = (event) => {
      if (event.type === 'cursorSaved') recorder.emit(event)
    }
    const quiet = { ...ports, http: { request }, recorder: { ...recorder, emit } }
    const client = reference.create(quiet, identity)
    const marked = ({ outbox: _, ...view }: View): View => ({
      ...view,
      rows: view.rows.map((row) =>
        givenUp.has(row.record) ? { ...row, status: 'failed' as const } : row,
      ),
    })
    return {
      start: () => client.start(),
      perform: (action) => client.perform(action),
      view: async () => {
        const view = await client.view()
        return view && marked(view)
      },
      stop: () => client.stop(),
    }
  },
}

export default defeatist
