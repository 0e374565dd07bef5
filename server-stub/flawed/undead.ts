import { misreadingServer } from './misreading-server.ts'

/** Accepts an edit of a deleted record as a new record, as in nextcloud/desktop#786. */
export default misreadingServer(
  'undead',
  'treats an edit of a deleted record as its creation',
  (item, held) =>
    item.type === 'update' && held?.deleted
      ? { ...item, type: 'create', base: held.version }
      : item,
)
