import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hashOf, payloadHash, sha256Hex } from './hash.ts'

it('sha256Hex returns the published SHA-256 of "abc"', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

it('sha256Hex is the same by Node and by the library that pages use', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(sha256Hex(text)).toBe(bytesToHex(sha256(utf8ToBytes(text))))
    }),
  )
})

it('payloadHash is the beginning of hashOf, the first time and later', () => {
  const content = { text: 'Hi' }
  expect([payloadHash(content), payloadHash({ ...content })]).toEqual(
    Array(2).fill(hashOf(content).slice(0, 16)),
  )
})

it('hashOf is equal for equal values with keys in any order', () => {
  expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }))
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: 2 }))
})

it('payloadHash distinguishes lone surrogates from the replacement character', () => {
  expect(payloadHash({ text: '\ud800' })).not.toBe(payloadHash({ text: '\ufffd' }))
})
