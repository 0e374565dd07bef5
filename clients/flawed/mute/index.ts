import { flawed } from '../wrap.ts'

/** Accepts each action, and never says so: the person sees the input field wait for ever. */
export default flawed('mute', 'never says whether it took an action', () => ({
  performed: (performed) => ({ ...performed, saved: new Promise(() => {}) }),
}))
