import type { Chunk } from '../chunk.ts'
import { attribute, defineToxic } from '../toxic.ts'

/**
 * Cuts each chunk in halves, and those again, until a piece is about `average_size` long; the cuts stray by `size_variation`. Waits `delay` µs after each piece.
 * All zeros let nothing out, as in the original. What makes the original panic is refused.
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

      /** Where the pieces of [start, end) end, in order, appended to `ends`. */
      const cut = (start: number, end: number, ends: number[]): number[] => {
        if (end - start - size <= variation) {
          if (end > start) ends.push(end)
          return ends
        }
        const stray = variation > 0 ? stub.random.int(-variation, variation - 1) : 0
        const middle = start + Math.floor((end - start) / 2) + stray
        return cut(middle, end, cut(start, middle, ends))
      }

      const send = (chunk: Chunk, at: number, ends: readonly number[]): void => {
        let start = 0
        let piece = 0
        const rest = () => {
          if (start < chunk.length) stub.write(chunk.subarray(start, chunk.length), at)
        }
        const next = (): void => {
          do {
            const end = ends[piece++] ?? chunk.length
            stub.write(chunk.subarray(start, end), at)
            start = end
          } while (delay <= 0 && start < chunk.length)
          if (delay > 0) stub.hold(delay / 1000, () => start < chunk.length && next(), rest)
        }
        next()
      }

      return {
        onChunk: (chunk, at) => {
          const all = () => stub.write(chunk, at)
          if (size === 0 && variation === 0) stub.hold(Number.POSITIVE_INFINITY, all, all)
          else send(chunk, at, cut(0, chunk.length, []))
        },
      }
    },
  }),
})
