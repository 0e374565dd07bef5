import { serveHttp1 } from '../codec/http1-server.ts'
import type { ServerDefinition } from '../core/server.ts'
import tinyServer from './tiny-server.ts'

/** The tiny server, which reads HTTP/1.1 from connections of bytes by itself. */
export default {
  ...tinyServer,
  name: 'tiny-stream',
  module: import.meta.url,
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
} satisfies ServerDefinition
