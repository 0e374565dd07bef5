import { joined, utf8Bytes, utf8Text } from '../../codec/bytes.ts'
import type { Clock } from '../../core/ports/clock.ts'

const NativeBlob = Blob
const NativeFile = globalThis.File

const contents = new WeakMap<object, Uint8Array>()

/** Returns the bytes of a Blob that a guest has made; undefined for any other value. */
export const bytesOfBlob = (value: unknown): Uint8Array | undefined =>
  typeof value === 'object' && value !== null ? contents.get(value) : undefined

/** Returns a copy of the bytes of a buffer or a view; undefined for any other value. */
export function bytesOfBuffer(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value))
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice()
  if (value instanceof ArrayBuffer) return new Uint8Array(value).slice()
  return undefined
}

type Parts = readonly unknown[]
type Options = { readonly type?: string; readonly endings?: 'native' | 'transparent' }

/**
 * A Blob that holds its bytes itself: the platform reads those of its own in another thread, which
 * takes real time.
 */
export class GuestBlob extends NativeBlob {
  constructor(parts: Parts = [], options: Options = {}) {
    super([], options)
    keep(this, parts)
  }

  /** Files are Blobs, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof NativeBlob
  }
}

/** A {@link GuestBlob} with a name. */
export class GuestFile extends NativeFile {
  constructor(parts: Parts, name: string, options: Options & { lastModified?: number } = {}) {
    super([], name, options)
    keep(this, parts)
  }
}

/** Returns the class File, which notes the time on the device's clock. */
export function fileClass(clock: Pick<Clock, 'wall'>): typeof GuestFile {
  return class File extends GuestFile {
    constructor(parts: Parts, name: string, options: Options & { lastModified?: number } = {}) {
      super(parts, name, { lastModified: Math.floor(clock.wall()), ...options })
    }
  }
}

function keep(blob: Blob, parts: Parts): void {
  contents.set(
    blob,
    joined(
      Array.from(
        parts,
        (part) => bytesOfBlob(part) ?? bytesOfBuffer(part) ?? utf8Bytes(String(part)),
      ),
    ),
  )
}

const own = (blob: object): Uint8Array => contents.get(blob) ?? new Uint8Array(0)

const READING: PropertyDescriptorMap & ThisType<Blob> = {
  size: {
    get() {
      return own(this).length
    },
  },
  text: {
    value: async function text(this: Blob) {
      return utf8Text(own(this))
    },
  },
  arrayBuffer: {
    value: async function arrayBuffer(this: Blob) {
      return own(this).slice().buffer
    },
  },
  bytes: {
    value: async function bytes(this: Blob) {
      return own(this).slice()
    },
  },
  stream: {
    value: function stream(this: Blob) {
      const bytes = own(this)
      return new ReadableStream<Uint8Array>({
        start(controller) {
          if (bytes.length > 0) controller.enqueue(bytes.slice())
          controller.close()
        },
      })
    },
  },
  slice: {
    value: function slice(this: Blob, start = 0, end = this.size, type = '') {
      const bytes = own(this)
      const from = start < 0 ? Math.max(0, bytes.length + start) : start
      const to = end < 0 ? Math.max(0, bytes.length + end) : end
      return new GuestBlob([bytes.subarray(from, Math.max(from, to))], { type })
    },
  },
}
for (const { prototype } of [GuestBlob, GuestFile]) Object.defineProperties(prototype, READING)
