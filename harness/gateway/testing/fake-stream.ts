import { utf8Text } from '../../codec/bytes.ts'
import { StreamSide } from '../../codec/stream-side.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import { passThroughGateway } from '../gateway-stream.ts'
import type { FakeGateway } from './fake-passage.ts'

/** A connection through a gateway, with a device and a server that a test plays by hand. */
export class FakeStream {
  /** The device's and the server's end, as the gateway has them. */
  readonly device: StreamSide
  servers: StreamSide[] = []
  /** The output at each end: texts, 'end' or 'reset'. */
  readonly toDevice: string[] = []
  readonly toServer: string[] = []
  readonly isAccepted: boolean
  /** If false, nobody listens. */
  isListening: boolean

  constructor(at: FakeGateway, isListening = true) {
    this.isListening = isListening
    this.device = sideInto(this.toDevice)
    this.isAccepted = passThroughGateway({
      gateway: at.gateway,
      device: 'ana',
      incoming: this.device,
      connect: () => this.#connect(),
    })
  }

  /** The newest connection to the server. */
  get server(): StreamSide {
    const server = this.servers.at(-1)
    if (!server) throw new Error('there is no connection to the server')
    return server
  }

  #connect(): ByteStream | undefined {
    if (!this.isListening) return undefined
    const server = sideInto(this.toServer)
    this.servers.push(server)
    return server
  }
}

function sideInto(list: string[]): StreamSide {
  return new StreamSide({
    write: (bytes) => void list.push(utf8Text(bytes)),
    end: () => void list.push('end'),
    reset: () => void list.push('reset'),
  })
}
