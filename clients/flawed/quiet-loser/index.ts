import { flawed } from '../wrap.ts'

/** Hides an edit that lost a conflict: the person's text vanishes without a word. */
export default flawed('quiet-loser', 'does not show the edits that lost a conflict', () => ({
  view: (view) => ({ ...view, conflicts: [] }),
}))
