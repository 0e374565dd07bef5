import type { Chunk } from '../chunk.ts'
import { attribute, defineToxic } from '../toxic.ts'

/**
 * Cuts each chunk into pieces of about `average_size` bytes and waits `delay` µs after each piece.
 * Halves the chunk, and the halves again, until no piece is longer than average_size +
 * size_variation; moves each cut by up to `size_variation` bytes. With average_size 16 and
 * size_variation 4:
 *
 *     0              16              32              48              64
 *     |-------------------------------^-------------------------------|   at 32 ± 4
 *     |---------------^---------------|---------------^---------------|   then these too
 *
 * If both sizes are 0 nothing comes out, as in Toxiproxy. Values that make Toxiproxy panic are
 * rejected.
 */
export default defineToxic({
  type: 'slicer',
  attributes: {
    average_size: attribute('plain'),
    size_variation: attribute('plain'),
    delay: attribute('µs'),
  },
  check: ({ average_size: size, size_variation: variation }) => {
    if (size === 0 && variation === 0) return undefined
    if (size + variation < 1)
      return `average_size + size_variation must be at least 1, got ${size} + ${variation}`
    if (variation > size)
      return `size_variation must not exceed average_size, got ${variation} > ${size}`
    return undefined
  },
  attach: () => ({
    start: (stub) => {
      const { average_size: size, size_variation: variation, delay } = stub.attributes

      /** Appends to `ends` the end of each piece of [start, end), in order. */
      const cut = (start: number, end: number, ends: number[]): number[] => {
        if (end - start - size <= variation) {
          if (end > start) ends.push(end)
          return ends
        }
        const offset = variation > 0 ? stub.random.int(-variation, variation - 1) : 0
        const middle = start + Math.floor((end - start) / 2) + offset
        return cut(middle, end, cut(start, middle, ends))
      }

      const sendPieces = (chunk: Chunk, at: number, ends: readonly number[]): void => {
        let start = 0
        let piece = 0
        const sendRest = () => {
          if (start < chunk.length) stub.write(chunk.subarray(start, chunk.length), at)
        }
        const sendNext = (): void => {
          do {
            const end = ends[piece++] ?? chunk.length
            stub.write(chunk.subarray(start, end), at)
            start = end
          } while (delay <= 0 && start < chunk.length)
          if (delay > 0) stub.hold(delay / 1000, () => start < chunk.length && sendNext(), sendRest)
        }
        sendNext()
      }

      return {
        onChunk: (chunk, at) => {
          const sendAll = () => stub.write(chunk, at)
          if (size === 0 && variation === 0) stub.hold(Number.POSITIVE_INFINITY, sendAll, sendAll)
          else sendPieces(chunk, at, cut(0, chunk.length, []))
        },
      }
    },
  }),
})
