/** An event of a `text/event-stream`. */
export interface StreamEvent {
  readonly type: string
  readonly data: string
  readonly lastEventId: string
}

/** Reads the events of a stream from texts that arrive in any pieces. */
export class EventStreamReader {
  readonly #onEvent: (event: StreamEvent) => void
  readonly #onRetry: (ms: number) => void
  #rest = ''
  #endsWithReturn = false
  #isFirst = true
  #type = ''
  #data: string[] = []
  #id: string

  constructor(
    lastEventId: string,
    on: { event: (event: StreamEvent) => void; retry: (ms: number) => void },
  ) {
    this.#id = lastEventId
    this.#onEvent = on.event
    this.#onRetry = on.retry
  }

  push(text: string): void {
    // A line ends with \r\n, \n or \r, of which the first may come in two pieces.
    const joined = this.#endsWithReturn && text.startsWith('\n') ? text.slice(1) : text
    if (text === '') return
    this.#endsWithReturn = text.endsWith('\r')
    const lines = `${this.#rest}${joined}`.split(/\r\n|\n|\r/)
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      this.#line(this.#isFirst ? line.replace(/^\ufeff/, '') : line)
      this.#isFirst = false
    }
  }

  #line(line: string): void {
    if (line === '') this.#dispatch()
    if (line === '' || line.startsWith(':')) return
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') this.#type = value
    else if (field === 'data') this.#data.push(value)
    else if (field === 'id' && !value.includes('\0')) this.#id = value
    else if (field === 'retry' && /^\d+$/.test(value)) this.#onRetry(Number(value))
  }

  #dispatch(): void {
    const [type, data] = [this.#type || 'message', this.#data]
    this.#type = ''
    this.#data = []
    if (data.length > 0) this.#onEvent({ type, data: data.join('\n'), lastEventId: this.#id })
  }
}
