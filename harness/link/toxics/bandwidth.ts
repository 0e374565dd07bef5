import type { Chunk } from '../chunk.ts'
import { attribute, defineToxic } from '../toxic.ts'

/** How much is sent in one go, in ms of the rate. */
const SLOT = 100

/**
 * At most `rate` KB/s, a KB being 1000 bytes: wait, then send. What takes longer than a slot goes out in pieces, one a slot. 0 holds everything back
 * until it is interrupted. The time that sending takes carries over from chunk to chunk, so that small chunks keep the rate too.
 */
export default defineToxic({
  type: 'bandwidth',
  attributes: { rate: attribute('KB/s') },
  check: ({ rate }) => (rate < 0 ? `rate must not be negative, got ${rate}` : undefined),
  attach: () => ({
    start: (stub) => {
      const { rate } = stub.attributes
      const slot = rate * SLOT
      /** ms until the bytes taken so far may all be out. */
      let debt = 0

      const send = (chunk: Chunk, at: number): void => {
        const all = () => stub.write(chunk, at)
        if (chunk.length > slot) stub.hold(SLOT, () => piece(chunk, at), all)
        else {
          const since = stub.clock.now()
          const last = () => {
            debt -= stub.clock.now() - since
            all()
          }
          stub.hold(debt, last, all)
        }
      }
      const piece = (chunk: Chunk, at: number): void => {
        stub.write(chunk.subarray(0, slot), at)
        debt -= SLOT
        send(chunk.subarray(slot, chunk.length), at)
      }
      const stall = (chunk: Chunk, at: number): void => {
        const all = () => stub.write(chunk, at)
        stub.hold(Number.POSITIVE_INFINITY, all, all)
      }
      const pay = (chunk: Chunk, at: number): void => {
        debt += chunk.length / rate
        send(chunk, at)
      }
      return { onChunk: rate === 0 ? stall : pay }
    },
  }),
})
