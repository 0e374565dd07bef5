import type { ClientDefinition } from '../../../harness/core/client.ts'
import { flawed } from '../wrap.ts'

const base = flawed(
  'forgets-conflicts',
  'forgets the edits that lost a conflict when it restarts',
  () => {
    /** The number of conflicts that were on the disk at the start. */
    let former: number | undefined
    return {
      view: (view) => {
        former ??= view.conflicts?.length ?? 0
        return { ...view, conflicts: view.conflicts?.slice(former) ?? [] }
      },
    }
  },
)

/** Shows an edit that lost a conflict only until the app restarts: then its text is lost. */
const forgetsConflicts: ClientDefinition = {
  ...base,
  create: (ports, identity) => {
    const client = base.create(ports, identity)
    const start = async () => {
      await client.start()
      await client.view()
    }
    return { ...client, start }
  },
}

export default forgetsConflicts
