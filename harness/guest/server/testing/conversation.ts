import { joined, latin1, utf8Text } from '../../../codec/bytes.ts'
import { FrameReader, frameBytes, OPCODE } from '../../../codec/websocket.ts'
import type { ByteStream, StreamEnd } from '../../../core/ports/stream.ts'

/** A test's end of a connection: it says, and hears. */
export class TestConnection {
  readonly #stream: ByteStream
  #heard: Uint8Array[] = []
  /** Set when the connection is over. */
  end: StreamEnd | undefined

  constructor(stream: ByteStream) {
    this.#stream = stream
    stream.receive({
      data: (bytes) => this.#heard.push(bytes),
      closed: (how) => {
        this.end = how
      },
    })
  }

  /** Sends the head of a request, and a body. */
  request(head: string, headers: Readonly<Record<string, string>> = {}, body = ''): void {
    const lines = Object.entries({ host: 'server.test', ...headers })
    const all = [`${head} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', body]
    this.#stream.write(Buffer.from(all.join('\r\n')))
  }

  upgrade(): void {
    this.request('GET /', {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    })
  }

  sendText(text: string): void {
    this.#stream.write(frameBytes(OPCODE.text, Buffer.from(text), new Uint8Array([1, 2, 3, 4])))
  }

  reset(): void {
    this.#stream.reset()
  }

  /** Returns the bytes that were heard since the last call, one character each. */
  heard(): string {
    const bytes = joined(this.#heard)
    this.#heard = []
    return latin1(bytes)
  }

  /** Returns the texts of the frames that were heard since the last call. */
  frames(): string[] {
    const texts: string[] = []
    const reader = new FrameReader(({ payload }) => texts.push(utf8Text(payload)))
    reader.push(joined(this.#heard))
    this.#heard = []
    return texts
  }
}
