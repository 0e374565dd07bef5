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
  join: () => ({
    start: (pipe) => {
      const { rate } = pipe.attributes
      const slot = rate * SLOT
      /** ms until the bytes taken so far may all be out. */
      let debt = 0

      const send = (chunk: Chunk, at: number): void => {
        const all = () => pipe.write(chunk, at)
        if (chunk.length > slot) pipe.hold(SLOT, () => piece(chunk, at), all)
        else {
          const since = pipe.clock.now()
          const last = () => {
            debt -= pipe.clock.now() - since
            all()
          }
          pipe.hold(debt, last, all)
        }
      }
      const piece = (chunk: Chunk, at: number): void => {
        pipe.write(chunk.subarray(0, slot), at)
        debt -= SLOT
        send(chunk.subarray(slot, chunk.length), at)
      }
      const stall = (chunk: Chunk, at: number): void => {
        const all = () => pipe.write(chunk, at)
        pipe.hold(Number.POSITIVE_INFINITY, all, all)
      }
      const pay = (chunk: Chunk, at: number): void => {
        debt += chunk.length / rate
        send(chunk, at)
      }
      return { chunk: rate === 0 ? stall : pay }
    },
  }),
})
