import { attribute, defineToxic } from '../toxic.ts'

/**
 * Drops every chunk, and closes when none has arrived for `timeout` ms. With a timeout of 0 it does
 * not close by itself. Its removal closes the stream, too.
 */
export default defineToxic({
  type: 'timeout',
  attributes: { timeout: attribute('ms') },
  closesOnRemoval: true,
  attach: () => ({
    start: (stub) => {
      const restartTimer = () => {
        const { timeout } = stub.attributes
        if (timeout > 0) stub.setTimer(timeout, () => stub.close())
      }
      restartTimer()
      return { onChunk: restartTimer }
    },
  }),
})
