import { flawed } from '../wrap.ts'

/** Reports to a person without a network that nothing was done, and sends it later all the same. */
export default flawed(
  'denier',
  'refuses what is written offline, and sends it later all the same',
  ({ connectivity }) => ({
    performed: (performed) =>
      connectivity.get().online
        ? performed
        : { saved: performed.saved.then(() => ({ refused: 'there is no network' })) },
  }),
)
