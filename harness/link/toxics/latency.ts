import { attribute, defineToxic } from '../toxic.ts'

/**
 * Each chunk comes out `latency` ± `jitter` after it came in, in order. An interruption lets go of the chunk held back; what waits behind it is delayed as
 * the new attributes say, or not at all after a removal.
 */
export default defineToxic({
  type: 'latency',
  attributes: { latency: attribute('ms'), jitter: attribute('ms') },
  bufferSize: 1024,
  attach: () => ({
    start: (stub) => ({
      onChunk: (chunk, at) => {
        const { latency, jitter } = stub.attributes
        const delay = latency + (jitter > 0 ? stub.random.int(-jitter, jitter - 1) : 0)
        stub.hold(
          at + delay - stub.clock.now(),
          () => stub.write(chunk, at + delay),
          () => stub.write(chunk, at),
        )
      },
    }),
  }),
})
