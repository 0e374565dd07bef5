import type { ClientDefinition, View } from '../../../harness/core/client.ts'
import reference from '../../reference/index.ts'

/** The check icon comes with the tap: "sent" means "I have tried". */
const optimist: ClientDefinition = {
  ...reference,
  name: 'flawed/optimist',
  title: 'shows the check icon before the server has anything',
  create: (ports, identity) => {
    const client = reference.create(ports, identity)
    const cheered = (view: View): View => ({
      ...view,
      rows: view.rows.map((row) => ({ ...row, status: 'sent' as const })),
    })
    return {
      start: () => client.start(),
      perform: (action) => client.perform(action),
      view: async () => cheered(await client.view()),
      stop: () => client.stop(),
    }
  },
}

export default optimist
