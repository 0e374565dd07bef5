import * as zlib from 'node:zlib'
import { hostedTwin, type Later } from './later.ts'

const CLASSES = [
  'Gzip',
  'Gunzip',
  'Deflate',
  'Inflate',
  'DeflateRaw',
  'InflateRaw',
  'Unzip',
  'BrotliCompress',
  'BrotliDecompress',
  'ZstdCompress',
  'ZstdDecompress',
] as const

type ZlibStream = new (options?: object) => object

/** Returns node:zlib without threads: what is asked for is done at once. */
export function hostedZlib(later: Later) {
  const all = zlib as unknown as Record<string, unknown>
  const hosted: Record<string, unknown> = { ...all }
  for (const [name, atOnce] of Object.entries(all)) {
    const [, twin] = /^(.*)Sync$/.exec(name) ?? []
    if (twin !== undefined && typeof atOnce === 'function')
      hosted[twin] = hostedTwin(atOnce as never, later)
  }
  for (const name of CLASSES) {
    const Real = all[name] as ZlibStream | undefined
    if (!Real) continue
    const Hosted = hostedStream(Real)
    hosted[name] = callable(Hosted)
    hosted[`create${name}`] = (options?: object) => new Hosted(options)
  }
  return hosted
}

/** Node's streams may be created without `new`. */
function callable(Class: ZlibStream): object {
  return new Proxy(Class, { apply: (target, _self, args) => new target(...(args as [])) })
}

/** The parts of Node's streams by which they work. */
interface Internals {
  readonly _handle: {
    writeSync(
      flush: number,
      input: Uint8Array,
      inputOffset: number,
      inputLength: number,
      output: Uint8Array,
      outputOffset: number,
      outputLength: number,
    ): void
  } | null
  /** The rest after a write: room in the output, and bytes of the input. */
  readonly _writeState: Uint32Array
  readonly _chunkSize: number
  readonly _defaultFlushFlag: number
  readonly _finishFlushFlag: number
  readonly writableEnded: boolean
  readonly writableLength: number
  readonly destroyed: boolean
  bytesWritten: number
  push(chunk: Uint8Array): boolean
}

function hostedStream(Real: ZlibStream): ZlibStream {
  const transform = function transform(
    this: Internals,
    chunk: Buffer,
    _encoding: string,
    done: (error?: Error) => void,
  ): void {
    const isLast = this.writableEnded && this.writableLength === chunk.byteLength
    const asked = flushOf(chunk) ?? this._defaultFlushFlag
    const flush = isLast ? Math.max(asked, this._finishFlushFlag) : asked
    let at = 0
    for (;;) {
      if (this.destroyed || !this._handle) return
      const left = chunk.byteLength - at
      const output = Buffer.allocUnsafe(this._chunkSize)
      // An error destroys the stream within the call.
      this._handle.writeSync(flush, chunk, at, left, output, 0, output.length)
      if (this.destroyed) return
      const [room = 0, unread = 0] = this._writeState
      this.bytesWritten += left - unread
      at += left - unread
      if (room < output.length) this.push(output.subarray(0, output.length - room))
      // Room that is left means that all of the input was read.
      if (room > 0) break
    }
    done()
  }
  class Hosted extends Real {}
  Object.defineProperty(Hosted.prototype, '_transform', { value: transform })
  return Hosted
}

/** `flush()` writes an empty chunk that says how. */
function flushOf(chunk: object): number | undefined {
  const symbol = Object.getOwnPropertySymbols(chunk).find(
    ({ description }) => description === 'kFlushFlag',
  )
  return symbol && (chunk as Record<symbol, number>)[symbol]
}
