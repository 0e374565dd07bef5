import { attribute, defineToxic } from '../toxic.ts'

/**
 * Lets exactly `bytes` bytes through, then closes. Counts from when it was added to the stream, and
 * across updates. Without traffic the stream stays open, even with a limit of 0.
 */
export default defineToxic({
  type: 'limit_data',
  attributes: { bytes: attribute('plain') },
  attach: () => {
    let passed = 0
    return {
      start: (stub) => ({
        onChunk: (chunk, at) => {
          const length = Math.min(chunk.length, Math.max(0, stub.attributes.bytes - passed))
          passed += length
          if (length > 0) stub.write(length < chunk.length ? chunk.subarray(0, length) : chunk, at)
          if (passed >= stub.attributes.bytes) stub.close()
        },
      }),
    }
  },
})
