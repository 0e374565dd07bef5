import { putTogether, takeApart } from '../store/structure.ts'

const nativeClone = globalThis.structuredClone

/** Returns `structuredClone`, which makes the Dates and Blobs of the realm. */
export function cloneFunction(DateClass: DateConstructor) {
  return function structuredClone(
    value: unknown,
    { transfer = [] }: { transfer?: readonly unknown[] } = {},
  ): unknown {
    const clone = putTogether(takeApart(value), DateClass)
    const buffers = transfer.filter((each) => each instanceof ArrayBuffer)
    // Only the platform can detach a buffer.
    if (buffers.length > 0) nativeClone(buffers, { transfer: buffers })
    return clone
  }
}
