import { expect, it } from 'vitest'
import { GuestBlob, GuestFile } from '../globals/blob.ts'
import { parseStructure, putTogether, structureText, takeApart } from './structure.ts'

const kept = (value: unknown) => putTogether(parseStructure(structureText(takeApart(value))), Date)

it.each([
  ['primitives', [1, -1.5, '', 'a\ud800', true, null]],
  ['what JSON lacks', [undefined, Number.NaN, Number.POSITIVE_INFINITY, -0, 12n]],
  ['dates', new Date(5)],
  ['invalid dates', new Date(Number.NaN)],
  [
    'maps and sets',
    new Map<unknown, unknown>([
      ['a', new Set([1, {}])],
      [{}, 2],
    ]),
  ],
  ['regular expressions', /a+/gi],
  ['array buffers', new Uint8Array([1, 2]).buffer],
  ['views', [new Uint8Array([1, 255]), new Float64Array([0.5]), new BigInt64Array([-1n])]],
  ['boxed values', [Object(1), Object('a'), Object(false)]],
  ['nested objects', { a: { b: [{ c: undefined }] } }],
  ['arrays with holes', [1, undefined, 3]],
])('a structure keeps %s', (_, value) => {
  expect(kept(value)).toEqual(value)
})

it('a structure keeps what is one thing, and what contains itself', () => {
  const buffer = new ArrayBuffer(8)
  const value: Record<string, unknown> = { one: new Uint8Array(buffer, 0, 4), two: buffer }
  value.self = value
  const copy = kept(value) as { one: Uint8Array; two: ArrayBuffer; self: unknown }
  expect(copy.self).toBe(copy)
  expect(copy.one.buffer).toBe(copy.two)
  expect([copy.one.byteOffset, copy.one.length]).toEqual([0, 4])
})

it('a structure keeps the errors of the language', () => {
  const copy = kept(new RangeError('far', { cause: 1 })) as Error
  expect(copy).toBeInstanceOf(RangeError)
  expect([copy.message, copy.cause]).toEqual(['far', 1])
})

it('a structure keeps Blobs and Files', async () => {
  const [blob, file] = kept([
    new GuestBlob(['ab'], { type: 'a/b' }),
    new GuestFile(['cd'], 'f', { lastModified: 7 }),
  ]) as [Blob, File]
  expect([await blob.text(), blob.type]).toEqual(['ab', 'a/b'])
  expect([await file.text(), file.name, file.lastModified]).toEqual(['cd', 'f', 7])
})

it('a structure keeps the fields of an instance, not its class', () => {
  class Point {
    x = 1
    get length() {
      return 2
    }
  }
  const copy = kept(new Point())
  expect(copy).toEqual({ x: 1 })
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  expect(Object.getPrototypeOf(kept(JSON.parse('{"__proto__":1}')))).toBe(Object.prototype)
})

it.each([
  ['functions', () => {}],
  ['symbols', Symbol('s')],
  ['promises', Promise.resolve()],
  ['responses', new Response()],
  ['weak maps', new WeakMap()],
])('a structure refuses %s', (_, value) => {
  const refusal = {
    name: 'DataCloneError',
    message: expect.stringContaining('could not be cloned'),
  }
  expect(() => takeApart({ value })).toThrow(expect.objectContaining(refusal))
})
