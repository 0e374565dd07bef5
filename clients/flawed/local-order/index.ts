import { flawed } from '../wrap.ts'

/** Sorts messages by the moment at which this device first had them, its own at once. */
export default flawed(
  'local-order',
  'sorts a conversation by when each message became known on the device',
  () => {
    const places = new Map<string, number>()
    const placeOf = (id: string) => {
      const place = places.get(id) ?? places.size
      places.set(id, place)
      return place
    }
    return {
      view: (view) => ({
        ...view,
        rows: view.rows
          .map((row) => ({ row, place: placeOf(row.id) }))
          .sort((a, b) => a.place - b.place)
          .map(({ row }) => row),
      }),
    }
  },
)
