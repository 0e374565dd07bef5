import type { ClientDefinition, View } from '../../../harness/core/client.ts'
import reference from '../../reference/index.ts'

/** Shows the check icon at once, before the server has the message. */
const optimist: ClientDefinition = {
  ...reference,
  name: 'flawed/optimist',
  title: 'shows the check icon before the server has the message',
  create: (ports, identity) => {
    const client = reference.create(ports, identity)
    const allSent = (view: View): View => ({
      ...view,
      rows: view.rows.map((row) => ({ ...row, status: 'sent' as const })),
    })
    return {
      start: () => client.start(),
      perform: (action) => client.perform(action),
      view: async () => {
        const view = await client.view()
        return view && allSent(view)
      },
      stop: () => client.stop(),
    }
  },
}

export default optimist
