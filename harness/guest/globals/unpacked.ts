import type { Standstill } from '../../core/ports/standstill.ts'
import { packed } from './compression.ts'

const NativeStream = globalThis.DecompressionStream

const FORMATS: Readonly<Record<string, 'gzip' | 'deflate'>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
}

/**
 * Returns the format in which a body is packed; undefined if it is not. Throws on one that the
 * platform cannot unpack: nobody has asked for it.
 */
export function packing(contentEncoding: string | undefined): 'gzip' | 'deflate' | undefined {
  const name = contentEncoding?.trim().toLowerCase() ?? ''
  if (name === 'identity' || name === '') return undefined
  const format = FORMATS[name]
  if (format !== undefined) return format
  throw new TypeError('Failed to fetch', { cause: `the content-encoding '${name}' is unknown` })
}

/** Unpacks a whole body. */
export const unpacked = (
  standstill: Standstill,
  parts: readonly Uint8Array[],
  format: 'gzip' | 'deflate',
): Promise<Uint8Array> => packed(standstill, new NativeStream(format), parts)
