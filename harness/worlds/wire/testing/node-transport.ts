import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpRequest } from '../../../core/ports/http.ts'
import type { Transport } from '../transport.ts'

/** A transport on Node's own HTTP server. */
export const serve: Transport['serve'] = (handle, { host, port }) =>
  new Promise((resolve, reject) => {
    const server = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
      const { status, headers, body } = await handle({
        method: incoming.method as HttpRequest['method'],
        path: incoming.url ?? '/',
        headers: incoming.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
      })
      outgoing.writeHead(status, headers).end(body)
    })
    server.once('error', reject)
    server.listen({ host, port }, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: async () => void server.close(),
      })
    })
  })
