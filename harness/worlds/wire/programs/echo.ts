import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Transport } from '../transport.ts'

/** A transport that responds with an empty 200: enough to warm up a device's HTTP client. */
export const serveEcho: Transport['serve'] = async (_handle, where) => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end())
  })
  server.listen(where)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: async () => void server.close() }
}
