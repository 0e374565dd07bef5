import { joined } from '../../codec/bytes.ts'
import type { Standstill } from '../../core/ports/standstill.ts'

const Decompression = globalThis.DecompressionStream

const FORMATS: Readonly<Record<string, string>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
}

/**
 * Returns the format in which a body is packed; undefined if it is not. Throws on one that nobody
 * asked for and the platform cannot unpack.
 */
export function packing(contentEncoding: string | undefined): string | undefined {
  const name = contentEncoding?.trim().toLowerCase() ?? 'identity'
  if (name === 'identity' || name === '') return undefined
  const format = FORMATS[name]
  if (format === undefined) throw new TypeError(`the content-encoding '${name}' is unknown`)
  return format
}

/** Unpacks a whole body. The platform does it in another thread. */
export function unpacked(
  standstill: Standstill,
  parts: readonly Uint8Array[],
  format: string,
): Promise<Uint8Array> {
  return standstill(async () => {
    const stream = new Decompression(format as ConstructorParameters<typeof Decompression>[0])
    const writer = stream.writable.getWriter()
    const written = writer
      .write(joined(parts) as Uint8Array<ArrayBuffer>)
      .then(() => writer.close())
    const unpackedParts: Uint8Array[] = []
    for await (const part of stream.readable as unknown as AsyncIterable<Uint8Array>)
      unpackedParts.push(part)
    await written
    return joined(unpackedParts)
  })
}
