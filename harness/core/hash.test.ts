import { expect, it } from 'vitest'
import { hashOf, payloadHash, sha256Hex } from './hash.ts'

it('sha256Hex returns the published SHA-256 of "abc"', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

it('hashOf is equal for equal values with keys in any order', () => {
  expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }))
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: 2 }))
})

it('payloadHash distinguishes lone surrogates from the replacement character', () => {
  expect(payloadHash({ text: '\ud800' })).not.toBe(payloadHash({ text: '\ufffd' }))
})
