import type { Chunk } from '../chunk.ts'
import { attribute, defineToxic } from '../toxic.ts'

/** A chunk that needs longer is sent in pieces of this duration. */
const SLOT_MS = 100

/**
 * Limits the rate to `rate` KB/s (1 KB = 1000 bytes): waits for as long as a chunk needs at this
 * rate, then sends it. A rate of 0 holds everything until it is interrupted.
 *
 * The difference between needed and actual time carries over to the next chunk, so small chunks
 * keep the rate, too.
 */
export default defineToxic({
  type: 'bandwidth',
  attributes: { rate: attribute('KB/s') },
  check: ({ rate }) => (rate < 0 ? `rate must not be negative, got ${rate}` : undefined),
  attach: () => ({
    start: (stub) => {
      const { rate } = stub.attributes
      const slotBytes = rate * SLOT_MS
      /** Time that the accepted bytes still need at this rate; negative after a late timer. */
      let debtMs = 0

      const send = (chunk: Chunk, at: number): void => {
        const writeAll = () => stub.write(chunk, at)
        if (chunk.length > slotBytes) {
          stub.hold(SLOT_MS, () => sendPiece(chunk, at), writeAll)
          return
        }
        const since = stub.clock.now()
        const sendLast = () => {
          debtMs -= stub.clock.now() - since
          writeAll()
        }
        stub.hold(debtMs, sendLast, writeAll)
      }
      const sendPiece = (chunk: Chunk, at: number): void => {
        stub.write(chunk.subarray(0, slotBytes), at)
        debtMs -= SLOT_MS
        send(chunk.subarray(slotBytes, chunk.length), at)
      }
      const holdAll = (chunk: Chunk, at: number): void => {
        const writeAll = () => stub.write(chunk, at)
        stub.hold(Number.POSITIVE_INFINITY, writeAll, writeAll)
      }
      const sendAtRate = (chunk: Chunk, at: number): void => {
        debtMs += chunk.length / rate
        send(chunk, at)
      }
      return { onChunk: rate === 0 ? holdAll : sendAtRate }
    },
  }),
})
