import { attribute, defineToxic } from '../toxic.ts'

/**
 * Breaks the connection (RST) `timeout` ms after the first chunk or end, which it drops. An idle
 * connection stays open.
 */
export default defineToxic({
  type: 'reset_peer',
  attributes: { timeout: attribute('ms') },
  abortive: true,
  attach: () => ({
    start: (stub) => {
      const breakConnection = () => stub.closeIn(stub.attributes.timeout)
      return { onChunk: breakConnection, onEnd: breakConnection }
    },
  }),
})
