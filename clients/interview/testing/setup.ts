import type { ClientDefinition } from '../../../harness/core/client.ts'
import { VirtualClock } from '../../../harness/core/ports/virtual-clock.ts'
import type { ServerDefinition } from '../../../harness/core/server.ts'
import { LocalServer } from '../../../harness/testing/local-server.ts'
import { fail, healthy, type Network } from '../../../harness/testing/network.ts'
import { Phone } from '../../../harness/testing/phone.ts'
import dedup from '../../../server-stub/variants/dedup.ts'

/** Makes a clock, a server and two running phones with the client. */
export function setUp(client: ClientDefinition, serverDefinition: ServerDefinition = dedup) {
  const clock = new VirtualClock()
  const server = new LocalServer(serverDefinition, { clock })
  const ana = new Phone(client, { server, name: 'ana' })
  const ben = new Phone(client, { server, name: 'ben' })
  void ana.start()
  void ben.start()
  /** Returns the text of each row on the server. */
  const texts = () => server.dump().rows.map((row) => row.content?.text)
  return { clock, server, ana, ben, texts }
}

/** Fails every request, as in a tunnel. */
export const tunnel: Network = fail('refused')

export function goOffline(phone: Phone): void {
  phone.connectivity.set({ online: false })
  phone.network = tunnel
}

export function goOnline(phone: Phone): void {
  phone.network = healthy
  phone.connectivity.set({ online: true })
}

/** Returns the bodies of the messages sent, one per attempt. */
export function postsOf(phone: Phone): unknown[] {
  return phone.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body ?? ''))
}
