import type { ClientDefinition } from '../../../harness/core/client.ts'
import reference from '../../reference/index.ts'

/** Hides an edit that lost a conflict: the person's text vanishes without a word. */
const quietLoser: ClientDefinition = {
  ...reference,
  name: 'flawed/quiet-loser',
  title: 'does not show the edits that lost a conflict',
  create: (ports, identity) => {
    const client = reference.create(ports, identity)
    return {
      start: () => client.start(),
      perform: (action) => client.perform(action),
      view: async () => {
        const view = await client.view()
        return view && { ...view, conflicts: [] }
      },
      stop: () => client.stop(),
    }
  },
}

export default quietLoser
