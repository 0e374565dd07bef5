import type { ClientDefinition } from '../../../harness/core/client.ts'
import reference from '../../reference/index.ts'

/** Derives "everything is synced" from the network's icon, as many status bars do. */
const falseClaim: ClientDefinition = {
  ...reference,
  name: 'flawed/false-claim',
  title: 'claims that everything is synced while the phone reports a network',
  create: (ports, identity) => {
    const client = reference.create(ports, identity)
    return {
      start: () => client.start(),
      perform: (action) => client.perform(action),
      view: async () => {
        const view = await client.view()
        return view && { ...view, allSynced: ports.connectivity.get().online }
      },
      stop: () => client.stop(),
    }
  },
}

export default falseClaim
