import type { ClientDefinition } from '../../../core/client.ts'
import tinyClient from '../../../testing/tiny-client.ts'

/** A tiny client that prints to stdout, which is reserved for the protocol. */
const noisyClient: ClientDefinition = {
  ...tinyClient,
  module: import.meta.url,
  create: (ports, identity) => {
    const client = tinyClient.create(ports, identity)
    const { perform } = client
    client.perform = (action) => {
      process.stdout.write('{"type":"crash"}\nhello world\n')
      return perform(action)
    }
    return client
  },
}

export default noisyClient
