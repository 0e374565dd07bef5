import { utf8Text } from '../../codec/bytes.ts'
import { Conversation, type Trip } from '../../codec/conversation.ts'
import { headerOf } from '../../codec/http1-head.ts'
import { StreamSide } from '../../codec/stream-side.ts'
import type { EventBody } from '../../core/event.ts'
import { marksInText } from '../../core/mark.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import { messageId } from '../../core/request-event.ts'
import { REQUEST_HEADER } from '../../core/server.ts'
import type { CodeUnderTest } from './code-under-test.ts'

type ServerObserved = Extract<EventBody, { type: 'serverReceived' | 'serverResponded' }>

export interface ServerEdgeOptions {
  /** The connection towards the device. */
  readonly outer: ByteStream
  readonly code: CodeUnderTest
  readonly emit: (event: ServerObserved) => void
  /** Runs the task after a reading of the server's holdings. Keeps the order of the tasks. */
  readonly afterLook: (task: () => void) => void
  /** A person's write has arrived in a message, to which the server may have nothing to say. */
  readonly onSilentWrite: () => void
}

/**
 * Returns the end of a connection that a server is passed which serves bytes. Records which
 * requests and messages arrived, and how requests were answered; nothing that the server writes
 * leaves before its holdings are read.
 */
export function observedStream(options: ServerEdgeOptions): ByteStream {
  return new ServerEdge(options).stream
}

class ServerEdge {
  readonly stream: StreamSide

  constructor({ outer, code, emit, afterLook, onSilentWrite }: ServerEdgeOptions) {
    const ifAlive = (task: () => void) => () => {
      if (code.alive) task()
    }
    /** The server's calls that wait for a reading; undefined while there is none. */
    let waiting: (() => void)[] | undefined
    const leave = (task: () => void) => {
      if (waiting) {
        waiting.push(task)
        return
      }
      waiting = [task]
      // All that is written at once waits for the same reading.
      void Promise.resolve().then(() => {
        const tasks = waiting ?? []
        waiting = undefined
        afterLook(
          ifAlive(() => {
            for (const each of tasks) each()
          }),
        )
      })
    }
    this.stream = new StreamSide({
      write: (bytes) => leave(() => conversation.fromServer(bytes)),
      end: () =>
        leave(() => {
          conversation.serverEnded()
          outer.end()
        }),
      reset: ifAlive(() => outer.reset()),
    })
    const conversation = new Conversation({
      toServer: (bytes) => this.stream.data(bytes),
      toClient: (bytes) => outer.write(bytes),
      requestBegins: ({ head }) => head,
      requestEnds: ({ head }) => received(headerOf(head.headers, REQUEST_HEADER)),
      responds: (trip) => responded(trip),
      message: ({ head }, { number, payload }) => {
        const upgradeId = headerOf(head.headers, REQUEST_HEADER)
        received(upgradeId && messageId(upgradeId, number))
        if (marksInText(utf8Text(payload)).length > 0) onSilentWrite()
      },
    })
    const received = (requestId: string | undefined) => {
      if (requestId !== undefined) emit({ type: 'serverReceived', requestId })
    }
    const responded = ({ head, response }: Trip) => {
      const requestId = headerOf(head.headers, REQUEST_HEADER)
      if (requestId === undefined || !response) return
      emit({ type: 'serverResponded', requestId, status: response.status })
    }
    outer.receive({
      data: (bytes) => {
        if (this.stream.receives)
          code.run('the bytes of a connection', () => conversation.fromClient(bytes))
      },
      closed: (how) =>
        code.run('the end of a connection', () => {
          if (how === 'end') conversation.clientEnded()
          this.stream.closed(how)
        }),
    })
  }
}
