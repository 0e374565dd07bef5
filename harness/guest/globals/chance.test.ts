import { expect, it } from 'vitest'
import { TestStage } from '../testing/stage.ts'

const drawn = async (seed: number) => {
  const { crypto, Math: GuestMath } = new TestStage().globals(seed)
  return [
    GuestMath.random(),
    crypto.randomUUID(),
    [...crypto.getRandomValues(new Uint8Array(4))],
    [...crypto.getRandomValues(new Uint32Array(1))],
  ]
}

it('chance is decided by the seed', async () => {
  expect(await drawn(1)).toEqual(await drawn(1))
  expect(await drawn(2)).not.toEqual(await drawn(1))
})

it('Math is otherwise that of the platform', () => {
  const { Math: GuestMath } = new TestStage().globals()
  expect(GuestMath.max(1, 2) + GuestMath.PI).toBe(2 + Math.PI)
  expect(GuestMath.random()).toBeLessThan(1)
})

it('crypto.randomUUID makes UUIDs of version 4', () => {
  const { crypto } = new TestStage().globals()
  expect(crypto.randomUUID()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
})

it('crypto.getRandomValues refuses floats and too many bytes', () => {
  const { crypto } = new TestStage().globals()
  expect(() => crypto.getRandomValues(new Float64Array(1) as never)).toThrow(/integers/)
  expect(() => crypto.getRandomValues(new Uint8Array(65_537))).toThrow(/65536/)
})

const hex = (buffer: ArrayBuffer) => Buffer.from(buffer).toString('hex')

it('crypto.subtle computes while the time stands still', async () => {
  const stage = new TestStage()
  const { crypto, TextEncoder } = stage.globals()
  const digest = crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc'))
  stage.clock.after(0, () => {})
  expect(hex(await stage.settle(digest))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
  expect(stage.clock.now()).toBe(0)
})

it('crypto.subtle makes symmetric keys from the seed', async () => {
  const keyOf = async (seed: number) => {
    const stage = new TestStage()
    const { subtle } = stage.globals(seed).crypto
    const made = async () => {
      const algorithm = { name: 'AES-GCM', length: 256 }
      const key = await subtle.generateKey(algorithm, true, ['encrypt', 'decrypt'])
      const iv = new Uint8Array(12)
      const bytes = await subtle.encrypt({ name: 'AES-GCM', iv }, key, new Uint8Array([1, 2]))
      const plain = await subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes)
      expect([...new Uint8Array(plain)]).toEqual([1, 2])
      return hex((await subtle.exportKey('raw', key)) as ArrayBuffer)
    }
    return stage.settle(made())
  }
  expect(await keyOf(1)).toBe(await keyOf(1))
  expect(await keyOf(2)).not.toBe(await keyOf(1))
})

it('crypto.subtle refuses what draws on chance of its own, and says so', async () => {
  const { subtle } = new TestStage().globals().crypto
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  await expect(subtle.generateKey(algorithm, true, ['sign'])).rejects.toThrow(/no seed decides/)
  const sign = subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, {} as never, new Uint8Array(1))
  await expect(sign).rejects.toThrow(/ECDSA draws on chance/)
})
