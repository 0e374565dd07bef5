import type { MergeableStore } from 'tinybase'
import type { GuestClient } from '../../../harness/guest/guest.ts'

/** Both rows write to the store, and show its tables. */
export function appOn(store: MergeableStore): GuestClient {
  return {
    async perform(action) {
      if (action.type === 'create' || action.type === 'update') {
        store.setPartialRow(action.collection, action.record, action.content as never)
      } else if (action.type === 'delete') {
        store.delRow(action.collection, action.record)
      }
    },
    view: () =>
      ['messages', 'notes'].flatMap((collection) =>
        Object.entries(store.getTable(collection)).map(([id, content]) => ({
          collection,
          id,
          content,
        })),
      ),
  }
}
