import type { ClientDefinition, View } from '../../../harness/core/client.ts'
import reference from '../../reference/index.ts'

/** Sorts messages by the moment at which this device first had them, its own at once. */
const localOrder: ClientDefinition = {
  ...reference,
  name: 'flawed/local-order',
  title: 'sorts a conversation by when each message became known on the device',
  create: (ports, identity) => {
    const places = new Map<string, number>()
    const placeOf = (id: string) => {
      const place = places.get(id) ?? places.size
      places.set(id, place)
      return place
    }
    const sorted = (view: View): View => ({
      ...view,
      rows: view.rows
        .map((row) => ({ row, place: placeOf(row.id) }))
        .sort((a, b) => a.place - b.place)
        .map(({ row }) => row),
    })
    const client = reference.create(ports, identity)
    return {
      start: () => client.start(),
      perform: (action) => client.perform(action),
      view: async () => {
        const view = await client.view()
        return view && sorted(view)
      },
      stop: () => client.stop(),
    }
  },
}

export default localOrder
