import { misreadingServer } from './misreading-server.ts'

/**
 * Ignores the version a write was made on, as in joplin#13624: a stale write overwrites silently.
 */
export default misreadingServer(
  'base-blind',
  'treats a stale write as made on the newest version',
  (item, held) => ({
    ...item,
    base: held?.version ?? item.base,
  }),
)
