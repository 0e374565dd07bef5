import * as nodeCrypto from 'node:crypto'
import type { Standstill } from '../../../core/ports/standstill.ts'
import type { Random } from '../../../core/random.ts'
import { randomValues } from '../../globals/random-values.ts'

/** The sources of chance of node:crypto and of the global `crypto`, decided by the seed. */
export function hostedChance(random: Random) {
  const randomBytes = (size: number) => Buffer.from(random.bytes(size))
  const fill = <View extends ArrayBufferView | ArrayBuffer>(
    view: View,
    offset = 0,
    size?: number,
  ): View => {
    const [buffer, start, length] = ArrayBuffer.isView(view)
      ? [view.buffer, view.byteOffset, view.byteLength]
      : [view as ArrayBuffer, 0, (view as ArrayBuffer).byteLength]
    const count = size ?? length - offset
    new Uint8Array(buffer, start + offset, count).set(random.bytes(count))
    return view
  }
  const { randomUUID } = randomValues(random)
  const randomInt = (least: number, below: number) => {
    const span = below - least
    if (!(span > 0)) throw new RangeError(`The value of "max" is out of range. Received ${below}`)
    return least + Math.floor(random.next() * span)
  }
  return { randomBytes, fill, randomUUID, randomInt }
}

export type HostedChance = ReturnType<typeof hostedChance>

/** Returns the global `crypto`: the work of `subtle` is done in threads. */
export function hostedWebCrypto(chance: HostedChance, standstill: Standstill): object {
  const { webcrypto } = nodeCrypto
  const subtle = new Proxy(webcrypto.subtle, {
    get: (target, name) => {
      const member = Reflect.get(target, name, target) as unknown
      if (typeof member !== 'function') return member
      return (...args: unknown[]) =>
        standstill(() => Reflect.apply(member, target, args) as Promise<unknown>)
    },
  })
  return {
    subtle,
    getRandomValues: <View extends ArrayBufferView>(view: View) => chance.fill(view),
    randomUUID: chance.randomUUID,
    CryptoKey: webcrypto.CryptoKey,
  }
}
