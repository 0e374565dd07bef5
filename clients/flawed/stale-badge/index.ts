import { flawed } from '../wrap.ts'

/** Counts its badge up with each write, and forgets to count it down. */
export default flawed('stale-badge', 'counts its badge up, but not down', () => {
  let most = 0
  return {
    view: (view) => {
      most = Math.max(most, view.pending ?? 0)
      return { ...view, pending: most }
    },
  }
})
