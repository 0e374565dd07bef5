import { misreading } from './as-sent.ts'

/** As in joplin#13624: nobody looks at the version a write was made on, so a stale one overwrites in silence. */
export default misreading(
  'base-blind',
  'takes a stale write for one made on the newest version',
  (item, held) => ({
    ...item,
    base: held?.version ?? item.base,
  }),
)
