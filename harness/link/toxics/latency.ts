import { attribute, defineToxic } from '../toxic.ts'

/**
 * Each chunk comes out `latency` ± `jitter` after it came in, in order. An interruption lets go of the chunk held back; what waits behind it is delayed as
 * the new attributes say, or not at all after a removal.
 */
export default defineToxic({
  type: 'latency',
  attributes: { latency: attribute('ms'), jitter: attribute('ms') },
  buffer: 1024,
  join: () => ({
    start: (pipe) => ({
      chunk: (chunk, at) => {
        const { latency, jitter } = pipe.attributes
        const delay = latency + (jitter > 0 ? pipe.random.int(-jitter, jitter - 1) : 0)
        pipe.hold(
          at + delay - pipe.clock.now(),
          () => pipe.write(chunk, at + delay),
          () => pipe.write(chunk, at),
        )
      },
    }),
  }),
})
