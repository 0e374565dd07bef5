import type { ClientDefinition } from '../core/client.ts'
import { httpOverStreams } from './http-over-streams.ts'
import tinyClient from './tiny-client.ts'

/** The tiny client, which speaks HTTP/1.1 over connections of bytes. */
export default {
  ...tinyClient,
  name: 'tiny-stream',
  module: import.meta.url,
  create: (ports, identity) =>
    tinyClient.create({ ...ports, http: httpOverStreams(ports.connect, ports.clock) }, identity),
} satisfies ClientDefinition
