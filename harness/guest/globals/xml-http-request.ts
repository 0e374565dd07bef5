import { joined, utf8Text } from '../../codec/bytes.ts'
import type { Timer } from '../../core/ports/clock.ts'
import type { GlobalClass, Realm } from '../realm/realm.ts'
import { GuestBlob } from './blob.ts'
import { addHandlers, eventWith } from './event-target.ts'
import { absolute } from './location.ts'
import { knownBody } from './request-body.ts'

type Fetch = (input: string, init: RequestInit) => Promise<Response>

const STATES = { UNSENT: 0, OPENED: 1, HEADERS_RECEIVED: 2, LOADING: 3, DONE: 4 } as const
const RESPONSE_TYPES = ['', 'text', 'json', 'arraybuffer', 'blob']
const EVENTS = ['loadstart', 'progress', 'load', 'loadend', 'error', 'abort', 'timeout'] as const
type Ending = 'load' | 'error' | 'abort' | 'timeout'

/** Returns XMLHttpRequest over fetch. */
export function xmlHttpRequestClass(
  realm: Realm,
  Target: typeof EventTarget,
  fetch: Fetch,
): Record<'XMLHttpRequest' | 'XMLHttpRequestUpload', GlobalClass> {
  const { clock, random } = realm.ports
  class XMLHttpRequestUpload extends Target {}
  addHandlers(XMLHttpRequestUpload.prototype, ...EVENTS)

  class XMLHttpRequest extends Target {
    readonly upload = new XMLHttpRequestUpload()
    timeout = 0
    withCredentials = false
    #readyState: number = STATES.UNSENT
    #responseType = ''
    #method = 'GET'
    #url = ''
    #headers = new Headers()
    #response: Response | undefined
    #parts: Uint8Array[] = []
    #mimeType: string | undefined
    #isSent = false
    /** Aborts the request that is under way. */
    #abort: AbortController | undefined
    #timer: Timer | undefined
    #json: { readonly value: unknown } | undefined

    get readyState(): number {
      return this.#readyState
    }

    get status(): number {
      return this.#response?.status ?? 0
    }

    get statusText(): string {
      return this.#response?.statusText ?? ''
    }

    get responseURL(): string {
      return this.#response?.url ?? ''
    }

    get responseType(): string {
      return this.#responseType
    }

    set responseType(type: string) {
      if (this.#readyState >= STATES.LOADING)
        throw new DOMException('The response has begun to arrive.', 'InvalidStateError')
      // As in browsers: an unknown type is ignored.
      if (RESPONSE_TYPES.includes(type)) this.#responseType = type
    }

    get responseText(): string {
      if (this.#responseType !== '' && this.#responseType !== 'text')
        throw new DOMException(`responseType is ${this.#responseType}.`, 'InvalidStateError')
      return this.#text()
    }

    get responseXML(): null {
      return null
    }

    get response(): unknown {
      if (this.#responseType === '' || this.#responseType === 'text') return this.#text()
      if (this.#readyState !== STATES.DONE || !this.#response) return null
      const bytes = joined(this.#parts)
      if (this.#responseType === 'arraybuffer') return bytes.slice().buffer
      const type = this.#mimeType ?? this.#response.headers.get('content-type') ?? ''
      if (this.#responseType === 'blob') return new GuestBlob([bytes], { type })
      this.#json ??= { value: parsed(utf8Text(bytes)) }
      return this.#json.value
    }

    open(method: string, url: unknown, isAsync = true): void {
      if (!isAsync)
        throw new DOMException('A synchronous request cannot be hosted.', 'InvalidAccessError')
      this.#end()
      this.#method = String(method).toUpperCase()
      this.#url = absolute(url).href
      this.#headers = new Headers()
      this.#response = undefined
      this.#parts = []
      this.#json = undefined
      this.#isSent = false
      this.#become(STATES.OPENED)
    }

    setRequestHeader(name: string, value: string): void {
      if (this.#readyState !== STATES.OPENED || this.#isSent)
        throw new DOMException('The request is not open.', 'InvalidStateError')
      this.#headers.append(name, String(value))
    }

    getResponseHeader(name: string): string | null {
      return this.#response?.headers.get(name) ?? null
    }

    getAllResponseHeaders(): string {
      return [...(this.#response?.headers ?? [])]
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')
    }

    overrideMimeType(type: string): void {
      this.#mimeType = type
    }

    send(body?: unknown): void {
      if (this.#readyState !== STATES.OPENED || this.#isSent)
        throw new DOMException('The request is not open.', 'InvalidStateError')
      this.#isSent = true
      const sends = body !== undefined && body !== null && !/^(GET|HEAD)$/.test(this.#method)
      const known = sends ? knownBody(body, random) : undefined
      if (known?.type !== undefined && !this.#headers.has('content-type'))
        this.#headers.set('content-type', known.type)
      const size = known?.bytes.length ?? 0
      this.#tell('loadstart', 0, 0)
      if (known) this.#tellUpload('loadstart', 0, size)
      const abort = new AbortController()
      this.#abort = abort
      if (this.timeout > 0)
        this.#timer = clock.after(
          this.timeout,
          realm.bind(() => this.#finish('timeout')),
        )
      void this.#exchange(abort.signal, known?.bytes).then(
        () => this.#isCurrent(abort) && this.#finish('load'),
        () => this.#isCurrent(abort) && this.#finish('error'),
      )
    }

    abort(): void {
      const isUnderWay =
        (this.#readyState === STATES.OPENED && this.#isSent) ||
        this.#readyState === STATES.HEADERS_RECEIVED ||
        this.#readyState === STATES.LOADING
      if (isUnderWay) this.#finish('abort')
      else this.#end()
      if (this.#readyState === STATES.DONE) this.#readyState = STATES.UNSENT
    }

    async #exchange(signal: AbortSignal, bytes: Uint8Array | undefined): Promise<void> {
      const response = await fetch(this.#url, {
        method: this.#method,
        headers: this.#headers,
        signal,
        ...(bytes && { body: bytes as Uint8Array<ArrayBuffer> }),
      })
      if (signal.aborted) return
      if (bytes)
        for (const type of ['progress', 'load', 'loadend'] as const)
          this.#tellUpload(type, bytes.length, bytes.length)
      this.#response = response
      this.#become(STATES.HEADERS_RECEIVED)
      const total = Number(response.headers.get('content-length') ?? 0)
      if (!response.body) return
      let loaded = 0
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
        if (signal.aborted) return
        this.#parts.push(part)
        loaded += part.length
        this.#become(STATES.LOADING)
        this.#tell('progress', loaded, total)
      }
    }

    #isCurrent(abort: AbortController): boolean {
      return this.#abort === abort
    }

    #finish(ending: Ending): void {
      this.#end()
      const loaded = this.#parts.reduce((sum, { length }) => sum + length, 0)
      if (ending !== 'load') {
        this.#response = undefined
        this.#parts = []
      }
      this.#isSent = false
      this.#become(STATES.DONE)
      const size = ending === 'load' ? loaded : 0
      this.#tell(ending, size, size)
      this.#tell('loadend', size, size)
    }

    /** Ends what is under way, silently. */
    #end(): void {
      const abort = this.#abort
      this.#abort = undefined
      this.#timer?.cancel()
      this.#timer = undefined
      abort?.abort()
    }

    #become(state: number): void {
      this.#readyState = state
      this.dispatchEvent(new Event('readystatechange'))
    }

    #tell(type: string, loaded: number, total: number): void {
      this.dispatchEvent(progress(type, loaded, total))
    }

    #tellUpload(type: string, loaded: number, total: number): void {
      this.upload.dispatchEvent(progress(type, loaded, total))
    }

    #text(): string {
      return utf8Text(joined(this.#parts))
    }
  }
  addHandlers(XMLHttpRequest.prototype, 'readystatechange', ...EVENTS)
  for (const owner of [XMLHttpRequest, XMLHttpRequest.prototype])
    for (const [name, value] of Object.entries(STATES))
      Object.defineProperty(owner, name, { value })
  return { XMLHttpRequest, XMLHttpRequestUpload }
}

const progress = (type: string, loaded: number, total: number) =>
  eventWith(new Event(type), { loaded, total, lengthComputable: total > 0 })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
