import { type ClientRequest, type IncomingMessage, request as open } from 'node:http'
import type { Clock } from '../../../core/ports/clock.ts'
import {
  type Abort,
  type Http,
  HttpError,
  type HttpFailure,
  type HttpRequest,
  type HttpResponse,
} from '../../../core/ports/http.ts'
import { messageOf } from '../../../core/problem.ts'
import { observeResponse } from '../../../core/response-event.ts'
import { REQUEST_HEADER } from '../../../core/server.ts'
import type { RequestLog } from '../../host/request-log.ts'
import { joinedHeaders } from '../relay/headers.ts'

interface WireHttpOptions {
  /** Base URL. */
  readonly server: string
  readonly clock: Clock
  readonly requests: RequestLog
}

/** The Http port over TCP: one connection for each request, no retries of its own. */
export function wireHttp({ server, clock, requests }: WireHttpOptions): Http {
  const { hostname, port } = new URL(server)
  return {
    request: (request, abort) => {
      const requestId = requests.nextId()
      const { method, path, headers, body } = request
      const outgoing = open({
        hostname,
        port,
        path,
        method,
        agent: false,
        headers: {
          ...headers,
          [REQUEST_HEADER]: requestId,
          connection: 'close',
          ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
        },
      })
      const sent = requests.request(requestId, request)
      return attempt(outgoing, request, clock, abort).then(
        (response) => {
          requests.response(sent, observeResponse(requestId, response))
          return response
        },
        (error: HttpError) => {
          requests.failure(sent, error.failure)
          throw error
        },
      )
    },
  }
}

function attempt(
  outgoing: ClientRequest,
  { body, deadline }: HttpRequest,
  clock: Clock,
  abort?: Abort,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const timer =
      deadline === undefined
        ? undefined
        : clock.after(deadline, () => fail('timeout', `no response within ${deadline} ms`))
    const fail = (failure: HttpFailure, message: string, cause?: unknown) => {
      timer?.cancel()
      outgoing.destroy()
      reject(new HttpError(failure, message, cause === undefined ? undefined : { cause }))
    }
    // This listener stays after the request is settled: a late socket error without a listener
    // would end the process.
    outgoing.on('error', (error) => fail(failureOf(error, outgoing), messageOf(error), error))
    outgoing.on('response', (incoming) => {
      read(incoming).then(
        (response) => {
          timer?.cancel()
          resolve(response)
        },
        (error: Error) => fail(failureOf(error, outgoing), messageOf(error), error),
      )
    })
    abort?.addEventListener('abort', () => fail('aborted', 'given up by the caller'))
    if (abort?.aborted) fail('aborted', 'given up by the caller')
    else outgoing.end(body)
  })
}

async function read(incoming: IncomingMessage): Promise<HttpResponse> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return {
    status: incoming.statusCode ?? 0,
    headers: joinedHeaders(incoming.headers),
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

/**
 * Classifies a socket error. refused: no connection was made · reset: it ended before the first
 * byte of the response · cut: it ended within the response
 */
function failureOf(error: Error, { socket }: ClientRequest): HttpFailure {
  const { syscall } = error as NodeJS.ErrnoException
  if (syscall !== undefined && syscall !== 'read' && syscall !== 'write') return 'refused'
  return socket && socket.bytesRead > 0 ? 'cut' : 'reset'
}
