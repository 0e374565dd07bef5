import { constants } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fsError } from './fs-error.ts'

const { O_APPEND, O_CREAT, O_EXCL, O_RDWR, O_SYNC, O_TRUNC, O_WRONLY } = constants
const WRITE = O_CREAT | O_TRUNC
const APPEND = O_CREAT | O_APPEND
const FLAGS: Readonly<Record<string, number>> = {
  r: 0,
  rs: O_SYNC,
  'r+': O_RDWR,
  'rs+': O_RDWR | O_SYNC,
  w: WRITE | O_WRONLY,
  wx: WRITE | O_WRONLY | O_EXCL,
  'w+': WRITE | O_RDWR,
  'wx+': WRITE | O_RDWR | O_EXCL,
  a: APPEND | O_WRONLY,
  as: APPEND | O_WRONLY | O_SYNC,
  ax: APPEND | O_WRONLY | O_EXCL,
  'a+': APPEND | O_RDWR,
  'as+': APPEND | O_RDWR | O_SYNC,
  'ax+': APPEND | O_RDWR | O_EXCL,
}

/** The meaning of a flag as 'w+', or of a number. */
export interface OpenFlags {
  readonly isReading: boolean
  readonly isWriting: boolean
  readonly creates: boolean
  readonly isExclusive: boolean
  readonly truncates: boolean
  readonly appends: boolean
}

export function openFlags(flag: unknown = 'r'): OpenFlags {
  const bits = typeof flag === 'number' ? flag : FLAGS[String(flag)]
  if (bits === undefined)
    throw invalid('ERR_INVALID_ARG_VALUE', `The argument 'flags' is invalid. Received '${flag}'`)
  return {
    isReading: (bits & O_WRONLY) === 0,
    isWriting: (bits & (O_WRONLY | O_RDWR)) !== 0,
    creates: (bits & O_CREAT) !== 0,
    isExclusive: (bits & O_EXCL) !== 0,
    truncates: (bits & O_TRUNC) !== 0,
    appends: (bits & O_APPEND) !== 0,
  }
}

/** Returns a path that was given as a text, as bytes or as a file URL. */
export function pathText(path: unknown): string {
  if (typeof path === 'string' || Buffer.isBuffer(path)) {
    const text = String(path)
    if (!text.includes('\u0000')) return text
    throw invalid('ERR_INVALID_ARG_VALUE', "The argument 'path' must be without null bytes")
  }
  if (path instanceof URL) return fileURLToPath(path)
  throw invalid(
    'ERR_INVALID_ARG_TYPE',
    `The "path" argument must be of type string or an instance of Buffer or URL. Received ${path}`,
  )
}

/** Options that may be given as the encoding alone. */
export interface EncodingOptions {
  readonly encoding?: BufferEncoding | 'buffer' | null
  readonly flag?: string | number
  readonly mode?: unknown
  readonly flush?: boolean
}

export function encodingOptions(options: unknown): EncodingOptions {
  if (typeof options === 'string') return { encoding: options as BufferEncoding }
  return (options ?? {}) as EncodingOptions
}

/** Returns bytes as the encoding asks: a text, or the bytes themselves. */
export function encoded(bytes: Buffer, { encoding }: EncodingOptions): Buffer | string {
  return encoding && encoding !== 'buffer' ? bytes.toString(encoding) : bytes
}

/** Returns the bytes of data to write. */
export function bytesOf(data: unknown, encoding: unknown = 'utf8'): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, encoding as BufferEncoding)
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  throw invalid(
    'ERR_INVALID_ARG_TYPE',
    'The "data" argument must be of type string or an instance of Buffer, TypedArray, or ' +
      `DataView. Received ${data}`,
  )
}

/** Reads 0o600 or '600'. */
export function modeOf(mode: unknown, otherwise: number): number {
  if (typeof mode === 'string') return Number.parseInt(mode, 8)
  return typeof mode === 'number' ? mode & 0o7777 : otherwise
}

/** Reads a time as utimes accepts it. Returns milliseconds since 1970. */
export function timeOf(time: unknown): number {
  if (time instanceof Date) return time.getTime()
  const seconds = Number(time)
  if (Number.isFinite(seconds)) return seconds * 1000
  throw fsError('EINVAL', 'utime')
}

function invalid(code: string, message: string): Error {
  return Object.assign(new TypeError(message), { code })
}
