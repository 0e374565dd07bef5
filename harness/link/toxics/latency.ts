import { attribute, defineToxic } from '../toxic.ts'

/**
 * Delays each chunk by `latency` ± `jitter` ms from its arrival, and keeps their order.
 *
 * An interrupt releases the chunk it holds. The chunks behind it are delayed by the new attributes,
 * or after a removal not at all.
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
