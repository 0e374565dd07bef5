import { misreading } from './as-sent.ts'

/** As in nextcloud/desktop#786: the edit of a device that did not know of the deletion is taken for a new record. */
export default misreading(
  'undead',
  'takes the edit of a deleted record for its creation',
  (item, held) =>
    item.type === 'update' && held?.deleted
      ? { ...item, type: 'create', base: held.version }
      : item,
)
