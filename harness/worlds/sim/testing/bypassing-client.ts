import { v4 } from 'uuid'
import type { ClientDefinition } from '../../../core/client.ts'
import tinyClient from '../../../testing/tiny-client.ts'

/** The tiny client, which also uses the globals of the machine with each action. */
const bypassingClient: ClientDefinition = {
  ...tinyClient,
  name: 'bypassing',
  module: import.meta.url,
  create: (ports, identity) => {
    const client = tinyClient.create(ports, identity)
    return {
      start: () => client.start(),
      view: () => client.view(),
      stop: () => client.stop(),
      perform: (action) => {
        for (let i = 0; i < 2; i++) clearTimeout(setTimeout(() => {}, 1000))
        const used = [new Date(), Date.now(), Math.random(), v4(), new Date(0)]
        fetch('data:,').catch(() => {})
        if (used.includes(-1)) throw new Error('impossible')
        return client.perform(action)
      },
    }
  },
}

export default bypassingClient
