import type { ClientDefinition } from '../../../harness/core/client.ts'
import reference from '../../reference/index.ts'

/** Counts its badge up with each write, and forgets to count it down. */
const staleBadge: ClientDefinition = {
  ...reference,
  name: 'flawed/stale-badge',
  title: 'counts its badge up, but not down',
  create: (ports, identity) => {
    const client = reference.create(ports, identity)
    let most = 0
    return {
      start: () => client.start(),
      perform: (action) => client.perform(action),
      view: async () => {
        const view = await client.view()
        most = Math.max(most, view?.pending ?? 0)
        return view && { ...view, pending: most }
      },
      stop: () => client.stop(),
    }
  },
}

export default staleBadge
