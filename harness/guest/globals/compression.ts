import { joined } from '../../codec/bytes.ts'
import type { Standstill } from '../../core/ports/standstill.ts'

type Native = typeof CompressionStream | typeof DecompressionStream

/**
 * Returns CompressionStream or DecompressionStream. The platform packs in another thread, so all of
 * it is done at the end, while the time stands still.
 */
export function packingClass(standstill: Standstill, NativeStream: Native) {
  return class {
    readonly readable: ReadableStream<Uint8Array>
    readonly writable: WritableStream<Uint8Array>

    constructor(format: ConstructorParameters<Native>[0]) {
      // Throws on a format that is unknown.
      new NativeStream(format)
      const parts: Uint8Array[] = []
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
        transform: (part) => {
          parts.push(new Uint8Array(part))
        },
        flush: async (controller) => {
          controller.enqueue(await packed(standstill, new NativeStream(format), parts))
        },
      })
      this.readable = readable
      this.writable = writable
    }
  }
}

/** Sends bytes through a stream of the platform, while the time stands still. */
export function packed(
  standstill: Standstill,
  stream: InstanceType<Native>,
  parts: readonly Uint8Array[],
): Promise<Uint8Array> {
  return standstill(async () => {
    const writer = stream.writable.getWriter()
    const written = writer
      .write(joined(parts) as Uint8Array<ArrayBuffer>)
      .then(() => writer.close())
    const results: Uint8Array[] = []
    const read = async () => {
      for await (const part of stream.readable as unknown as AsyncIterable<Uint8Array>)
        results.push(part)
    }
    // Bytes that cannot be unpacked break both sides.
    await Promise.all([written, read()])
    return joined(results)
  })
}
