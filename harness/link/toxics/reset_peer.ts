import { attribute, defineToxic } from '../toxic.ts'

/** The first thing that comes, the end included, is dropped and breaks the connection after `timeout`. An idle connection is left alone. */
export default defineToxic({
  type: 'reset_peer',
  attributes: { timeout: attribute('ms') },
  abortive: true,
  attach: () => ({
    start: (stub) => {
      const doom = () => stub.closeIn(stub.attributes.timeout)
      return { onChunk: doom, onEnd: doom }
    },
  }),
})
