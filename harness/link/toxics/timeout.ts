import { attribute, defineToxic } from '../toxic.ts'

/** Swallows everything, and closes when nothing has come for `timeout`; never when that is 0. Its removal closes too. */
export default defineToxic({
  type: 'timeout',
  attributes: { timeout: attribute('ms') },
  closesOnRemoval: true,
  attach: () => ({
    start: (stub) => {
      const wait = () => {
        if (stub.attributes.timeout > 0) stub.setTimer(stub.attributes.timeout, () => stub.close())
      }
      wait()
      return { onChunk: wait }
    },
  }),
})
