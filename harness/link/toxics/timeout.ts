import { attribute, defineToxic } from '../toxic.ts'

/** Swallows everything, and closes when nothing has come for `timeout`; never when that is 0. Its removal closes too. */
export default defineToxic({
  type: 'timeout',
  attributes: { timeout: attribute('ms') },
  closesOnRemoval: true,
  join: () => ({
    start: (pipe) => {
      const wait = () => {
        if (pipe.attributes.timeout > 0) pipe.alarm(pipe.attributes.timeout, () => pipe.close())
      }
      wait()
      return { chunk: wait }
    },
  }),
})
