import type { Timer } from '../../core/ports/clock.ts'
import { type GlobalClass, ORIGIN, type Realm } from '../realm/realm.ts'
import { EventStreamReader, type StreamEvent } from './event-stream.ts'
import { addHandlers, eventWith } from './event-target.ts'
import { absolute } from './location.ts'

type Fetch = (input: string, init: RequestInit) => Promise<Response>

const CONNECTING = 0
const OPEN = 1
const CLOSED = 2
/** As in Chromium. */
const RETRY_MS = 3_000

/** Returns EventSource over fetch. */
export function eventSourceClass(
  realm: Realm,
  Target: typeof EventTarget,
  fetch: Fetch,
): GlobalClass {
  class EventSource extends Target {
    static readonly CONNECTING = CONNECTING
    static readonly OPEN = OPEN
    static readonly CLOSED = CLOSED
    readonly CONNECTING = CONNECTING
    readonly OPEN = OPEN
    readonly CLOSED = CLOSED
    readonly url: string
    readonly withCredentials: boolean
    #readyState: number = CONNECTING
    #retryMs = RETRY_MS
    #lastEventId = ''
    #retry: Timer | undefined
    readonly #abort = new AbortController()

    constructor(url: unknown, { withCredentials = false }: { withCredentials?: boolean } = {}) {
      super()
      this.url = absolute(url).href
      this.withCredentials = withCredentials
      void this.#connect()
    }

    get readyState(): number {
      return this.#readyState
    }

    close(): void {
      this.#readyState = CLOSED
      this.#retry?.cancel()
      this.#abort.abort()
    }

    async #connect(): Promise<void> {
      try {
        const headers: Record<string, string> = { accept: 'text/event-stream' }
        if (this.#lastEventId !== '') headers['last-event-id'] = this.#lastEventId
        const response = await fetch(this.url, {
          headers,
          cache: 'no-store',
          signal: this.#abort.signal,
        })
        if (!isEventStream(response)) {
          this.#fail()
          return
        }
        this.#readyState = OPEN
        this.dispatchEvent(new Event('open'))
        await this.#read(response)
      } catch {
        // A broken connection is opened again, as is one that the server has ended.
      }
      this.#reconnect()
    }

    async #read(response: Response): Promise<void> {
      const decoder = new TextDecoder()
      const reader = new EventStreamReader(this.#lastEventId, {
        event: (event) => this.#dispatch(event),
        retry: (ms) => {
          this.#retryMs = ms
        },
      })
      for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
        if (this.#readyState === CLOSED) return
        reader.push(decoder.decode(bytes, { stream: true }))
      }
    }

    #dispatch({ type, data, lastEventId }: StreamEvent): void {
      if (this.#readyState === CLOSED) return
      this.#lastEventId = lastEventId
      this.dispatchEvent(eventWith(new Event(type), { data, lastEventId, origin: ORIGIN }))
    }

    #reconnect(): void {
      if (this.#readyState === CLOSED) return
      this.#readyState = CONNECTING
      this.dispatchEvent(new Event('error'))
      if (this.#abort.signal.aborted) return
      const connect = realm.bind(() => void this.#connect())
      this.#retry = realm.ports.clock.after(this.#retryMs, connect)
    }

    /** The server has answered something else: there will be no other attempt. */
    #fail(): void {
      if (this.#readyState === CLOSED) return
      this.#readyState = CLOSED
      this.#abort.abort()
      this.dispatchEvent(new Event('error'))
    }
  }
  addHandlers(EventSource.prototype, 'open', 'message', 'error')
  return EventSource
}

const isEventStream = ({ status, headers }: Response): boolean =>
  status === 200 && /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')
