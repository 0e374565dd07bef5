import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonical } from './json.ts'

/** SHA-256 of a value's canonical JSON, in hexadecimal. The same on any machine, in Node and in a page. */
export function hashOf(value: unknown): string {
  return sha256Hex(canonical(value))
}

/** SHA-256 of a text's UTF-8 bytes, in hexadecimal. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/** The first 16 hexadecimal digits of {@link hashOf}: enough to tell the payloads of one history apart. */
export function payloadHash(value: unknown): string {
  return hashOf(value).slice(0, 16)
}
