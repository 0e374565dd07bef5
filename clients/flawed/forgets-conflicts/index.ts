import type { ClientDefinition, View } from '../../../harness/core/client.ts'
import reference from '../../reference/index.ts'

/** Shows an edit that lost a conflict only until the app restarts: then its text is gone. */
const forgetsConflicts: ClientDefinition = {
  ...reference,
  name: 'flawed/forgets-conflicts',
  title: 'forgets the edits that lost a conflict when it restarts',
  create: (ports, identity) => {
    const client = reference.create(ports, identity)
    /** The number of conflicts that were on the disk at the start. */
    let former: number | undefined
    const forget = (view: View): View => {
      former ??= view.conflicts?.length ?? 0
      return { ...view, conflicts: view.conflicts?.slice(former) ?? [] }
    }
    return {
      start: async () => {
        await client.start()
        const view = await client.view()
        if (view) forget(view)
      },
      perform: (action) => client.perform(action),
      view: async () => {
        const view = await client.view()
        return view && forget(view)
      },
      stop: () => client.stop(),
    }
  },
}

export default forgetsConflicts
