import { serveHttp1 } from '../codec/http1-server.ts'
import type { ClientDefinition } from '../core/client.ts'
import type { ServerDefinition } from '../core/server.ts'
import { httpOverStreams } from './http-over-streams.ts'
import tinyClient from './tiny-client.ts'
import tinyServer from './tiny-server.ts'

/** The tiny client, which speaks HTTP/1.1 over connections of bytes. */
export const tinyStreamClient: ClientDefinition = {
  ...tinyClient,
  name: 'tiny-stream',
  create: (ports, identity) =>
    tinyClient.create({ ...ports, http: httpOverStreams(ports.connect, ports.clock) }, identity),
}

/** The tiny server, which reads HTTP/1.1 from connections of bytes by itself. */
export const tinyStreamServer: ServerDefinition = {
  ...tinyServer,
  name: 'tiny-stream',
  create: (ports, setup) => {
    const server = tinyServer.create(ports, setup)
    const broken = { status: 500, headers: {}, body: '' }
    return {
      handle: (request) => server.handle(request),
      accept: (stream) =>
        serveHttp1(stream, (request, respond) => {
          server.handle(request).then(respond, () => respond(broken))
        }),
      dump: () => server.dump(),
    }
  },
}
