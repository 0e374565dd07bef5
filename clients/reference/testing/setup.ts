import type { Action } from '../../../harness/core/action.ts'
import type { ClientEvent } from '../../../harness/core/event.ts'
import type { HttpRequest } from '../../../harness/core/ports/http.ts'
import { VirtualClock } from '../../../harness/core/ports/virtual-clock.ts'
import { LocalServer } from '../../../harness/testing/local-server.ts'
import type { Network } from '../../../harness/testing/network.ts'
import { Phone, type PhoneOptions } from '../../../harness/testing/phone.ts'
import type { PushItem } from '../../../server-stub/protocol/item.ts'
import dedup from '../../../server-stub/variants/dedup.ts'
import reference from '../index.ts'

/** Makes a clock, the server stub, and a function that makes phones with the reference client. */
export function setUp(options: { readonly policy?: string; readonly seed?: number } = {}) {
  const clock = new VirtualClock()
  const server = new LocalServer(dedup, { clock, ...options })
  const phone = (name: string, more: PhoneOptions = {}) =>
    new Phone(reference, { server, name, ...more })
  return { clock, server, phone }
}

/** Makes the same with two running phones that have pulled. */
export async function setUpPhones(options: Parameters<typeof setUp>[0] = {}) {
  const { clock, server, phone } = setUp(options)
  const [ana, ben] = [phone('ana'), phone('ben')]
  await Promise.all([ana.start(), ben.start()])
  await clock.advance(1_000)
  return { clock, server, phone, ana, ben }
}

/** Applies the script to pushes only; pulls reach the server. */
export const onPush =
  (network: Network): Network =>
  (request, forward) =>
    request.path === '/push' ? network(request, forward) : forward()

/** The items of a push; none for any other request. */
export function itemsOf({ path, body }: HttpRequest): PushItem[] {
  return path === '/push' ? (JSON.parse(body ?? '') as { items: PushItem[] }).items : []
}

export function pushesOf(phone: Phone): HttpRequest[] {
  return phone.requests.filter(({ path }) => path === '/push')
}

export function eventsOf<Type extends ClientEvent['type']>(
  phone: Phone,
  type: Type,
): Extract<ClientEvent, { type: Type }>[] {
  return phone.events.filter(
    (event): event is Extract<ClientEvent, { type: Type }> => event.type === type,
  )
}

/** Performs the action and returns its outcome, once the client has reported it. */
export async function outcomeOf(phone: Phone, action: Action): Promise<string> {
  return (await phone.perform(action).settled).outcome
}
