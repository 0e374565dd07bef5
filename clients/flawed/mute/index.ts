import { flawedReport } from '../wrap.ts'

/** Takes each action, and never says so: the person sees the input field wait for ever. */
export default flawedReport('mute', 'never says whether it took an action', (performed) => ({
  ...performed,
  saved: new Promise(() => {}),
}))
