import { flawed } from '../wrap.ts'

/** Derives "everything is synced" from the network's icon, as many status bars do. */
export default flawed(
  'false-claim',
  'claims that everything is synced while the phone reports a network',
  ({ connectivity }) => ({
    view: (view) => ({ ...view, allSynced: connectivity.get().online }),
  }),
)
