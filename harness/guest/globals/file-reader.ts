import { latin1, utf8Text } from '../../codec/bytes.ts'
import type { GlobalClass, Realm } from '../realm/realm.ts'
import { bytesOfBlob } from './blob.ts'
import { addHandlers, eventWith } from './event-target.ts'

const EMPTY = 0
const LOADING = 1
const DONE = 2

/** Returns FileReader. Reading takes a task, and no time. */
export function fileReaderClass(realm: Realm, Target: typeof EventTarget): GlobalClass {
  class FileReader extends Target {
    static readonly EMPTY = EMPTY
    static readonly LOADING = LOADING
    static readonly DONE = DONE
    readonly EMPTY = EMPTY
    readonly LOADING = LOADING
    readonly DONE = DONE
    readyState: number = EMPTY
    result: unknown = null
    error: unknown = null
    /** Counts the readings: an aborted one is not finished. */
    #reading = 0

    readAsText(blob: Blob, encoding?: string): void {
      this.#read(blob, (bytes) =>
        encoding === undefined ? utf8Text(bytes) : new TextDecoder(encoding).decode(bytes),
      )
    }

    readAsArrayBuffer(blob: Blob): void {
      this.#read(blob, (bytes) => bytes.slice().buffer)
    }

    readAsBinaryString(blob: Blob): void {
      this.#read(blob, latin1)
    }

    readAsDataURL(blob: Blob): void {
      const type = blob.type || 'application/octet-stream'
      this.#read(blob, (bytes) => `data:${type};base64,${btoa(latin1(bytes))}`)
    }

    abort(): void {
      if (this.readyState !== LOADING) return
      this.#reading++
      this.readyState = DONE
      this.result = null
      this.#tell('abort', 'loadend')
    }

    #read(blob: Blob, convert: (bytes: Uint8Array) => unknown): void {
      if (this.readyState === LOADING)
        throw new DOMException('A reading is in progress.', 'InvalidStateError')
      const bytes = bytesOfBlob(blob)
      if (!bytes) throw new TypeError('FileReader expects a Blob')
      const reading = ++this.#reading
      this.readyState = LOADING
      this.result = null
      const finish = realm.bind(() => {
        if (reading !== this.#reading) return
        this.readyState = DONE
        this.result = convert(bytes)
        this.#tell('progress', 'load', 'loadend')
      })
      realm.ports.clock.after(0, finish)
    }

    #tell(...types: readonly string[]): void {
      for (const type of types)
        this.dispatchEvent(eventWith(new Event(type), { loaded: 0, total: 0 }))
    }
  }
  addHandlers(FileReader.prototype, 'loadstart', 'progress', 'load', 'loadend', 'error', 'abort')
  return FileReader
}
