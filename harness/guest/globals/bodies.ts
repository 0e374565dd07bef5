import type { Random } from '../../core/random.ts'
import { GuestBlob, type GuestFile } from './blob.ts'
import { absolute } from './location.ts'
import { knownBody } from './request-body.ts'

const NativeFormData = FormData
const NativeRequest = Request
const NativeResponse = Response

/** The bytes of a Request's body; undefined if only its stream knows them. */
const knownBytes = new WeakMap<Request, Uint8Array>()

/** Returns the bytes of a Request's body, if it was made of anything but a stream. */
export const bytesOfRequest = (request: Request): Uint8Array | undefined => knownBytes.get(request)

/**
 * Returns the platform's Request, Response and FormData, without the real chance (boundaries of
 * forms) and the real time (reading of Blobs) that are in them.
 */
export function bodyClasses(random: Random, File: typeof GuestFile) {
  /** Replaces a body by its bytes, and states its type as the platform does. */
  const withKnownBody = <Init extends { body?: unknown; headers?: unknown }>(init: Init) => {
    if (init.body === undefined || init.body === null) return { init }
    const known = knownBody(init.body, random)
    if (!known) return { init: { ...init, duplex: 'half' } }
    const headers = new Headers(init.headers as HeadersInit | undefined)
    if (known.type !== undefined && !headers.has('content-type'))
      headers.set('content-type', known.type)
    return { init: { ...init, body: known.bytes, headers }, bytes: known.bytes }
  }
  class Request extends NativeRequest {
    constructor(input: unknown, init: RequestInit = {}) {
      const isRequest = input instanceof NativeRequest
      const headers = init.headers ?? (isRequest ? input.headers : undefined)
      const known = withKnownBody({ ...init, ...(headers && { headers }) })
      super(isRequest ? input : absolute(input), known.init as RequestInit)
      const bytes = known.bytes ?? (isRequest && !init.body ? knownBytes.get(input) : undefined)
      if (bytes) knownBytes.set(this, bytes)
    }

    override clone(): globalThis.Request {
      const copy = Object.setPrototypeOf(super.clone(), Request.prototype) as Request
      const bytes = knownBytes.get(this)
      if (bytes) knownBytes.set(copy, bytes)
      return copy
    }

    override async blob(): Promise<Blob> {
      const type = this.headers.get('content-type') ?? ''
      return new GuestBlob([await this.arrayBuffer()], { type })
    }
  }
  class Response extends NativeResponse {
    constructor(body?: unknown, init: ResponseInit = {}) {
      const known = withKnownBody({ ...init, body })
      const { body: content, ...rest } = known.init
      super(content as BodyInit | null | undefined, rest as ResponseInit)
    }

    override clone(): globalThis.Response {
      const copy = Object.setPrototypeOf(super.clone(), Response.prototype) as Response
      for (const name of ['url', 'redirected', 'type'] as const)
        Object.defineProperty(copy, name, { value: this[name], configurable: true })
      return copy
    }

    override async blob(): Promise<Blob> {
      const type = this.headers.get('content-type') ?? ''
      return new GuestBlob([await this.arrayBuffer()], { type })
    }
  }
  class FormData extends NativeFormData {
    override append(name: string, value: unknown, filename?: string): void {
      super.append(name, asEntry(value, filename) as string)
    }

    override set(name: string, value: unknown, filename?: string): void {
      super.set(name, asEntry(value, filename) as string)
    }
  }
  /** The platform would make a File of its own from a Blob. */
  const asEntry = (value: unknown, filename: string | undefined): unknown => {
    if (!(value instanceof GuestBlob)) return value
    const { type } = value
    const name = filename ?? (value as Partial<GuestFile>).name
    return name !== undefined && name === (value as Partial<GuestFile>).name
      ? value
      : new File([value], name ?? 'blob', { type })
  }
  return { Request, Response, FormData }
}
