import { flawed } from '../wrap.ts'

/** Looks whether the network is back, and again, without a pause: the phone gets hot. */
export default flawed('busy', 'polls the network without a pause', ({ clock, connectivity }) => {
  const poll = (): void => {
    if (!connectivity.get().online) clock.after(0, poll)
  }
  connectivity.onChange(poll)
  return {}
})
