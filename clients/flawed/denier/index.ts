import { flawedReport } from '../wrap.ts'

/** Tells a person without a network that nothing was done, and sends it later all the same. */
export default flawedReport(
  'denier',
  'refuses what is written offline, and sends it later all the same',
  (performed, { connectivity }) =>
    connectivity.get().online
      ? performed
      : { saved: performed.saved.then(() => ({ refused: 'there is no network' })) },
)
