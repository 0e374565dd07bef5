import type { ClientDefinition } from '../../../harness/core/client.ts'
import { flawed, pushItems } from '../wrap.ts'

const base = flawed(
  'defeatist',
  'shows a delivered message as failed for ever if the response was lost',
  ({ http, recorder }) => {
    const givenUp = new Set<unknown>()
    return {
      http: {
        request: (request, abort) =>
          http.request(request, abort).catch((error) => {
            for (const { record } of pushItems(request) ?? []) givenUp.add(record)
            throw error
          }),
      },
      recorder: {
        ...recorder,
        emit: (event) => {
          if (event.type === 'cursorSaved') recorder.emit(event)
        },
      },
      view: ({ outbox: _, ...view }) => ({
        ...view,
        rows: view.rows.map((row) =>
          givenUp.has(row.record) ? { ...row, status: 'failed' as const } : row,
        ),
      }),
    }
  },
)

/**
 * Marks a message as failed for good when a request with it ends without a response, and never
 * looks whether it arrived after all. Reports nothing of its outbox, as most apps.
 */
const defeatist: ClientDefinition = {
  ...base,
  capabilities: { ...base.capabilities, outbox: false },
}

export default defeatist
